//! What goes into a statement and what comes out of a row.
//!
//! Four types of column exist on both engines: bigint, text, bytes, and NULL. Ids travel as 16 bytes, times as microseconds,
//! flags as 0 and 1.

use rusqlite::types::{ToSqlOutput, ValueRef};
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::error::{Error, Result};

/// One parameter of a statement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// NULL.
    Null,
    /// bigint.
    Int(i64),
    /// text.
    Text(&'a str),
    /// blob / bytea.
    Blob(&'a [u8]),
    /// An id: 16 bytes.
    Id(Uuid),
}

impl From<i64> for Value<'_> {
    fn from(v: i64) -> Self {
        Self::Int(v)
    }
}

impl From<bool> for Value<'_> {
    fn from(v: bool) -> Self {
        Self::Int(i64::from(v))
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(v: Timestamp) -> Self {
        Self::Int(v.micros())
    }
}

impl From<Uuid> for Value<'_> {
    fn from(v: Uuid) -> Self {
        Self::Id(v)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(v: &'a str) -> Self {
        Self::Text(v)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(v: &'a String) -> Self {
        Self::Text(v)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(v: &'a [u8]) -> Self {
        Self::Blob(v)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(v: Option<T>) -> Self {
        v.map_or(Self::Null, Into::into)
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(v) => ValueRef::Integer(*v),
            Self::Text(v) => ValueRef::Text(v.as_bytes()),
            Self::Blob(v) => ValueRef::Blob(v),
            Self::Id(v) => ValueRef::Blob(v.as_bytes()),
        }))
    }
}

/// One row of an answer. Columns count from 0; asking for the wrong type is [`Error::Corrupt`].
#[derive(Debug)]
pub struct Row<'a>(&'a rusqlite::Row<'a>);

impl<'a> Row<'a> {
    pub(super) fn new(row: &'a rusqlite::Row<'a>) -> Self {
        Self(row)
    }

    fn value(&self, column: usize) -> Result<ValueRef<'_>> {
        self.0.get_ref(column).map_err(|e| Error::Corrupt(format!("column {column}: {e}")))
    }

    /// A bigint.
    pub fn int(&self, column: usize) -> Result<i64> {
        match self.value(column)? {
            ValueRef::Integer(v) => Ok(v),
            other => Err(wrong(column, "a bigint", &other)),
        }
    }

    /// A bigint or NULL.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            _ => self.int(column).map(Some),
        }
    }

    /// A flag: 0 or 1.
    pub fn flag(&self, column: usize) -> Result<bool> {
        Ok(self.int(column)? != 0)
    }

    /// A time.
    pub fn time(&self, column: usize) -> Result<Timestamp> {
        self.int(column).map(Timestamp::from_micros)
    }

    /// A time or NULL.
    pub fn opt_time(&self, column: usize) -> Result<Option<Timestamp>> {
        Ok(self.opt_int(column)?.map(Timestamp::from_micros))
    }

    /// Text, borrowed from the row.
    pub fn str(&self, column: usize) -> Result<&str> {
        match self.value(column)? {
            ValueRef::Text(v) => std::str::from_utf8(v).map_err(|_| wrong(column, "UTF-8 text", &ValueRef::Text(v))),
            other => Err(wrong(column, "text", &other)),
        }
    }

    /// Text.
    pub fn text(&self, column: usize) -> Result<String> {
        self.str(column).map(str::to_owned)
    }

    /// Text or NULL.
    pub fn opt_text(&self, column: usize) -> Result<Option<String>> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            _ => self.text(column).map(Some),
        }
    }

    /// Bytes, borrowed from the row.
    pub fn bytes(&self, column: usize) -> Result<&[u8]> {
        match self.value(column)? {
            ValueRef::Blob(v) => Ok(v),
            other => Err(wrong(column, "bytes", &other)),
        }
    }

    /// Bytes.
    pub fn blob(&self, column: usize) -> Result<Vec<u8>> {
        self.bytes(column).map(<[u8]>::to_vec)
    }

    /// Bytes or NULL.
    pub fn opt_blob(&self, column: usize) -> Result<Option<Vec<u8>>> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            _ => self.blob(column).map(Some),
        }
    }

    /// An id.
    pub fn id(&self, column: usize) -> Result<Uuid> {
        let bytes = self.bytes(column)?;
        Uuid::from_slice(bytes).map_err(|_| wrong(column, "an id of 16 bytes", &ValueRef::Blob(bytes)))
    }

    /// An id or NULL.
    pub fn opt_id(&self, column: usize) -> Result<Option<Uuid>> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            _ => self.id(column).map(Some),
        }
    }
}

fn wrong(column: usize, wanted: &str, found: &ValueRef<'_>) -> Error {
    Error::Corrupt(format!("column {column} holds {} where {wanted} belongs", found.data_type()))
}
