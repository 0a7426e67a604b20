//! Where this was measured.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};

use super::report::Report;

/// Writes machine, disk and binary into the report; refuses a data directory in memory, where a flush costs nothing.
pub fn describe(report: &mut Report, binary: &Path, folder: &Path) -> Result<()> {
    let processors = fs::read_to_string("/proc/cpuinfo")?;
    let model = processors.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1)).unwrap_or("?");
    let cores = std::thread::available_parallelism()?;
    let memory = fs::read_to_string("/proc/meminfo")?;
    let memory = memory.lines().find_map(|line| line.strip_prefix("MemTotal:")?.split_whitespace().next());
    let gigabytes = memory.and_then(|m| m.parse::<f64>().ok()).unwrap_or(0.0) / 1048576.0;
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    report.setting("Machine", format!("{cores} cores of {model}, {gigabytes:.0} GB, Linux {}", kernel.trim()));
    let kind = file_system(folder)?;
    ensure!(kind != "tmpfs" && kind != "ramfs", "{} lies in memory: flushing would cost nothing", folder.display());
    report.setting("Disk", kind);
    report
        .setting("Load", format!("one client thread on the same machine, loopback; load average before: {}", load()?));
    let version = std::process::Command::new(binary).arg("--version").output()?;
    report.setting("Binary", String::from_utf8_lossy(&version.stdout).trim().to_owned());
    Ok(())
}

fn load() -> Result<String> {
    Ok(fs::read_to_string("/proc/loadavg")?.split_whitespace().next().unwrap_or("?").to_owned())
}

/// The type of the file system of `folder`: that of the longest mount point above it.
fn file_system(folder: &Path) -> Result<String> {
    let folder = folder.canonicalize()?;
    let mounts = fs::read_to_string("/proc/mounts")?;
    let lines = mounts.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let above = lines.filter(|line| line.len() > 2 && folder.starts_with(line[1]));
    Ok(above.max_by_key(|line| line[1].len()).map_or_else(|| "?".to_owned(), |line| line[2].to_owned()))
}
