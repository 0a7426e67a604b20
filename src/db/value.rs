//! What goes into a statement and what comes out of a row.
//!
//! Four types of column exist on both engines: bigint, text, bytes, and NULL. Ids travel as 16 bytes, times as microseconds,
//! flags as 0 and 1.

use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
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

impl ToSql for Value<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            // What the engine takes for a smaller number (`LIMIT` of some versions, a literal's neighbour).
            Self::Int(v) if *kind == Type::INT4 => i32::try_from(*v)?.to_sql(kind, out),
            Self::Int(v) => v.to_sql(kind, out),
            Self::Text(v) => v.to_sql(kind, out),
            Self::Blob(v) => v.to_sql(kind, out),
            Self::Id(v) => v.as_bytes().as_slice().to_sql(kind, out),
        }
    }

    /// Only what a column can be; the check keeps an `Int` out of a text column, where its bytes would be taken as they are.
    fn accepts(kind: &Type) -> bool {
        [Type::INT8, Type::INT4, Type::TEXT, Type::VARCHAR, Type::BYTEA].contains(kind)
    }

    to_sql_checked!();
}

/// One row of an answer. Columns count from 0; asking for the wrong type is [`Error::Corrupt`].
#[derive(Debug)]
pub enum Row<'a> {
    /// SQLite's.
    #[doc(hidden)]
    Sqlite(&'a rusqlite::Row<'a>),
    /// PostgreSQL's.
    #[doc(hidden)]
    Postgres(&'a tokio_postgres::Row),
}

/// One value of a row.
pub(super) enum Cell<'a> {
    Null,
    Int(i64),
    Text(&'a [u8]),
    Blob(&'a [u8]),
    /// What no column is.
    Other(String),
}

impl Cell<'_> {
    fn kind(&self) -> &str {
        match self {
            Self::Null => "NULL",
            Self::Int(_) => "a bigint",
            Self::Text(_) => "text",
            Self::Blob(_) => "bytes",
            Self::Other(kind) => kind,
        }
    }
}

/// A value that has left its row: for moving whole rows between engines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum OwnedValue {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

impl OwnedValue {
    /// Bytes, roughly.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Null | Self::Int(_) => 8,
            Self::Text(v) => v.len(),
            Self::Blob(v) => v.len(),
        }
    }

    /// A copy of `value`.
    pub(super) fn of(value: &Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Int(v) => Self::Int(*v),
            Value::Text(v) => Self::Text((*v).to_owned()),
            Value::Blob(v) => Self::Blob(v.to_vec()),
            Value::Id(id) => Self::Blob(id.as_bytes().to_vec()),
        }
    }

    pub(super) fn as_value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Int(v) => Value::Int(*v),
            Self::Text(v) => Value::Text(v),
            Self::Blob(v) => Value::Blob(v),
        }
    }
}

impl rusqlite::ToSql for OwnedValue {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(v) => ValueRef::Integer(*v),
            Self::Text(v) => ValueRef::Text(v.as_bytes()),
            Self::Blob(v) => ValueRef::Blob(v),
        }))
    }
}

impl Row<'_> {
    /// Whatever the column holds.
    pub(super) fn owned(&self, column: usize) -> Result<OwnedValue> {
        Ok(match self.value(column)? {
            Cell::Null => OwnedValue::Null,
            Cell::Int(v) => OwnedValue::Int(v),
            Cell::Text(_) => OwnedValue::Text(self.text(column)?),
            Cell::Blob(v) => OwnedValue::Blob(v.to_vec()),
            other => return Err(wrong(column, "a value of the store", &other)),
        })
    }

    pub(super) fn value(&self, column: usize) -> Result<Cell<'_>> {
        match self {
            Self::Sqlite(row) => {
                let value = row.get_ref(column).map_err(|e| Error::Corrupt(format!("column {column}: {e}")))?;
                Ok(match value {
                    ValueRef::Null => Cell::Null,
                    ValueRef::Integer(v) => Cell::Int(v),
                    ValueRef::Text(v) => Cell::Text(v),
                    ValueRef::Blob(v) => Cell::Blob(v),
                    ValueRef::Real(_) => Cell::Other("a real number".into()),
                })
            }
            Self::Postgres(row) => {
                let kind = row.columns().get(column).map(|c| c.type_().clone());
                let kind = kind.ok_or_else(|| Error::Corrupt(format!("there is no column {column}")))?;
                let said = |e: tokio_postgres::Error| Error::Corrupt(format!("column {column}: {e}"));
                Ok(match kind {
                    Type::INT8 => row.try_get::<_, Option<i64>>(column).map_err(said)?.map_or(Cell::Null, Cell::Int),
                    Type::TEXT => {
                        let text = row.try_get::<_, Option<&str>>(column).map_err(said)?;
                        text.map_or(Cell::Null, |v| Cell::Text(v.as_bytes()))
                    }
                    Type::BYTEA => {
                        row.try_get::<_, Option<&[u8]>>(column).map_err(said)?.map_or(Cell::Null, Cell::Blob)
                    }
                    other => Cell::Other(format!("PostgreSQL's {other}")),
                })
            }
        }
    }

    /// A bigint.
    pub fn int(&self, column: usize) -> Result<i64> {
        match self.value(column)? {
            Cell::Int(v) => Ok(v),
            other => Err(wrong(column, "a bigint", &other)),
        }
    }

    /// A bigint or NULL.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>> {
        match self.value(column)? {
            Cell::Null => Ok(None),
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
            Cell::Text(v) => std::str::from_utf8(v)
                .map_err(|_| Error::Corrupt(format!("column {column} holds text that is not UTF-8"))),
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
            Cell::Null => Ok(None),
            _ => self.text(column).map(Some),
        }
    }

    /// Bytes, borrowed from the row.
    pub fn bytes(&self, column: usize) -> Result<&[u8]> {
        match self.value(column)? {
            Cell::Blob(v) => Ok(v),
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
            Cell::Null => Ok(None),
            _ => self.blob(column).map(Some),
        }
    }

    /// An id.
    pub fn id(&self, column: usize) -> Result<Uuid> {
        let bytes = self.bytes(column)?;
        Uuid::from_slice(bytes).map_err(|_| wrong(column, "an id of 16 bytes", &Cell::Blob(bytes)))
    }

    /// An id or NULL.
    pub fn opt_id(&self, column: usize) -> Result<Option<Uuid>> {
        match self.value(column)? {
            Cell::Null => Ok(None),
            _ => self.id(column).map(Some),
        }
    }
}

fn wrong(column: usize, wanted: &str, found: &Cell<'_>) -> Error {
    Error::Corrupt(format!("column {column} holds {} where {wanted} belongs", found.kind()))
}
