//! The claim: who calls, of which class each operation is, and what each caller gets in each class.

/// Who calls, in the order of the letters of a class.
pub(super) const CALLERS: [Caller; 25] = [
    Caller::Anonymous,
    Caller::Garbage,
    Caller::Expired,
    Caller::Revoked,
    Caller::Disabled,
    Caller::Owner,
    Caller::Stale,
    Caller::ReadOnly,
    Caller::Stranger,
    Caller::Admin,
    Caller::OwnPage,
    Caller::SilentCookie,
    Caller::OtherSite,
    Caller::Socket,
    Caller::LocalAdmin,
    Caller::Pretender,
    Caller::Key(&["read"]),
    Caller::Key(&["write"]),
    Caller::Key(&["search"]),
    Caller::AdminKey,
    Caller::ConfinedKey,
    Caller::ExpiredKey,
    Caller::RevokedKey,
    Caller::OutdatedKey,
    Caller::GarbageKey,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    /// No credential.
    Anonymous,
    /// A Bearer token that is none.
    Garbage,
    /// The owner's token after its five minutes.
    Expired,
    /// The token of a session that its owner has ended.
    Revoked,
    /// The token of an account that was disabled.
    Disabled,
    /// Whose things they are.
    Owner,
    /// The owner, who signed in more than ten minutes ago.
    Stale,
    /// The owner, whose account may only read by now.
    ReadOnly,
    /// Another member.
    Stranger,
    /// An administrator.
    Admin,
    /// The owner's browser on one of the server's own pages.
    OwnPage,
    /// The owner's cookie from something that does not say where it comes from.
    SilentCookie,
    /// The owner's cookie from another site's page.
    OtherSite,
    /// The control socket, without a credential and without naming an account.
    Socket,
    /// The control socket, naming the owner's account.
    LocalAdmin,
    /// The owner's account named over the network.
    Pretender,
    /// An API key of the owner's with these scopes.
    Key(&'static [&'static str]),
    /// An API key of an administrator's, for that.
    AdminKey,
    /// An API key of the owner's that may read, write and search what has a tag that nothing has.
    ConfinedKey,
    /// An API key of the owner's after its time.
    ExpiredKey,
    /// An API key that the owner has revoked.
    RevokedKey,
    /// An API key from before the owner has changed the password.
    OutdatedKey,
    /// What looks like an API key.
    GarbageKey,
}

impl Caller {
    /// Whether no account stands behind what is shown.
    pub(super) fn is_nobody(self) -> bool {
        matches!(self, Self::Anonymous | Self::Garbage | Self::Socket | Self::Pretender | Self::GarbageKey)
    }
}

/// Operations that want the same of their callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Nothing.
    Open,
    /// Nothing but that no other site's page sends it.
    SignIn,
    /// A refresh token.
    Refresh,
    /// To read notes; something of the caller's own.
    Reads,
    ReadsOwn,
    /// The same, and that no other site's page asks for it.
    ReadsHere,
    /// To change notes; something of the caller's own.
    Writes,
    WritesOwn,
    /// To search.
    Searches,
    /// The same, where a confined key reaches what it is confined to.
    ReadsSome,
    ReadsSomeOwn,
    WritesSome,
    WritesSomeOwn,
    /// To take everything away.
    TakesAll,
    /// To know who one is.
    Knows,
    /// To be signed in; to change something; something of the caller's own.
    Owns,
    OwnsChange,
    OwnsThing,
    /// To have shown a credential a moment ago; something of the caller's own.
    Fresh,
    FreshThing,
    /// To administer; to have shown a credential a moment ago as well.
    Administers,
    AdministersFresh,
}

/// What each caller gets in each class, in the order of [`CALLERS`]: `.` what the operation answers when it is done, `1` 401, `3` 403,
/// `4` 404.
#[rustfmt::skip]
pub(super) const CLASSES: &[(Class, &str)] = &[
    //                         anonymous, garbage, expired, revoked, disabled
    //                         |     owner, stale, read-only, stranger, admin
    //                         |     |     own page, silent cookie, other site
    //                         |     |     |   socket, local admin, pretender
    //                         |     |     |   |   keys: read, write, search, admin's, confined
    //                         |     |     |   |   |     keys: expired, revoked, outdated, garbage
    (Class::Open,             "..... ..... ... ... ..... ...."),
    (Class::SignIn,           "..... ..... ..3 ... ..... ...."),
    (Class::Refresh,          "11.1. ..... ..3 111 11111 1111"),
    (Class::Reads,            "11111 ..... ... 1.1 .3333 1111"),
    (Class::ReadsHere,        "11111 ..... ..3 1.1 .3333 1111"),
    (Class::ReadsOwn,         "11111 ...44 ... 1.1 .3333 1111"),
    (Class::Writes,           "11111 ..3.. .33 1.1 3.333 1111"),
    (Class::WritesOwn,        "11111 ..344 .33 1.1 3.333 1111"),
    (Class::Searches,         "11111 ..... ... 1.1 33.3. 1111"),
    (Class::ReadsSome,        "11111 ..... ... 1.1 .333. 1111"),
    (Class::ReadsSomeOwn,     "11111 ...44 ... 1.1 .3334 1111"),
    (Class::WritesSome,       "11111 ..3.. .33 1.1 3.333 1111"),
    (Class::WritesSomeOwn,    "11111 ..344 .33 1.1 3.334 1111"),
    (Class::TakesAll,         "11111 .3... .33 1.1 .3333 1111"),
    (Class::Knows,            "11111 ..... ... 1.1 .333. 1111"),
    (Class::Owns,             "11111 ..... ... 1.1 33333 1111"),
    (Class::OwnsChange,       "11111 ..... .33 1.1 33333 1111"),
    (Class::OwnsThing,        "11111 ...44 .33 1.1 33333 1111"),
    (Class::Fresh,            "11111 .3... .33 1.1 33333 1111"),
    (Class::FreshThing,       "11111 .3.44 .33 1.1 33333 1111"),
    (Class::Administers,      "11111 3333. 333 1.1 333.3 1111"),
    (Class::AdministersFresh, "11111 3333. 333 1.1 333.3 1111"),
];

/// The class of each operation, and what it answers when it is done.
#[rustfmt::skip]
pub(super) const OPERATIONS: &[(&str, Class, u16)] = &[
    ("getServer",           Class::Open,             200),
    ("setUp",               Class::SignIn,           201),
    ("register",            Class::SignIn,           201),
    ("login",               Class::SignIn,           200),
    ("answerSecondFactor",  Class::SignIn,           200),
    ("lookAtInvite",        Class::SignIn,           200),
    ("acceptInvite",        Class::SignIn,           201),
    ("askForReset",         Class::SignIn,           202),
    ("confirmReset",        Class::SignIn,           204),
    ("refresh",             Class::Refresh,          200),
    ("logout",              Class::SignIn,           204),
    ("askForPasskey",       Class::SignIn,           200),
    ("signInWithPasskey",   Class::SignIn,           200),
    ("askForOwnPasskey",    Class::OwnsChange,       200),
    ("stepUp",              Class::OwnsChange,       204),
    ("beginSso",            Class::SignIn,           200),
    ("signInWithSso",       Class::SignIn,           200),
    ("beginSsoStepUp",      Class::OwnsChange,       200),
    ("stepUpWithSso",       Class::OwnsChange,       204),
    ("listIdentities",      Class::Owns,             200),
    ("beginLink",           Class::Fresh,            200),
    ("linkIdentity",        Class::Fresh,            201),
    ("unlinkIdentity",      Class::FreshThing,       204),
    ("getMe",               Class::Knows,            200),
    ("updateMe",            Class::OwnsChange,       200),
    ("deleteMe",            Class::Fresh,            200),
    ("keepMe",              Class::OwnsChange,       200),
    ("changePassword",      Class::OwnsChange,       204),
    ("getTotp",             Class::Owns,             200),
    ("enrolTotp",           Class::Fresh,            200),
    ("confirmTotp",         Class::FreshThing,       200),
    ("removeTotp",          Class::FreshThing,       204),
    ("renewRecoveryCodes",  Class::FreshThing,       200),
    ("listPasskeys",        Class::Owns,             200),
    ("beginPasskey",        Class::Fresh,            200),
    ("addPasskey",          Class::Fresh,            201),
    ("renamePasskey",       Class::OwnsThing,        200),
    ("removePasskey",       Class::FreshThing,       204),
    ("listApiKeys",         Class::Owns,             200),
    ("createApiKey",        Class::Fresh,            201),
    ("revokeApiKey",        Class::OwnsThing,        204),
    ("listActivity",        Class::Owns,             200),
    ("listSessions",        Class::Owns,             200),
    ("endOtherSessions",    Class::OwnsChange,       204),
    ("endSession",          Class::OwnsThing,        204),
    ("createNote",          Class::WritesSome,           201),
    ("listNotes",           Class::ReadsSome,            200),
    ("getNote",             Class::ReadsSomeOwn,         200),
    ("getNoteHtml",         Class::ReadsSomeOwn,         200),
    ("updateNote",          Class::WritesSomeOwn,        200),
    ("deleteNote",          Class::WritesSomeOwn,        204),
    ("emptyTrash",          Class::Writes,           200),
    ("restoreNote",         Class::WritesSomeOwn,        200),
    ("getRemoteImage",      Class::ReadsHere,            422),
    ("listTags",            Class::ReadsSome,            200),
    ("getTag",              Class::ReadsSomeOwn,         200),
    ("updateTag",           Class::WritesOwn,        200),
    ("deleteTag",           Class::WritesOwn,        204),
    ("createNotebook",      Class::Writes,           201),
    ("listNotebooks",       Class::ReadsSome,            200),
    ("getNotebook",         Class::ReadsSomeOwn,         200),
    ("updateNotebook",      Class::WritesOwn,        200),
    ("deleteNotebook",      Class::WritesOwn,        204),
    ("searchNotes",         Class::Searches,         200),
    ("createSavedSearch",   Class::Writes,           201),
    ("listSavedSearches",   Class::Reads,            200),
    ("getSavedSearch",      Class::ReadsOwn,         200),
    ("updateSavedSearch",   Class::WritesOwn,        200),
    ("deleteSavedSearch",   Class::WritesOwn,        204),
    ("suggestSearch",       Class::Searches,         200),
    ("listJobs",            Class::Reads,            200),
    ("getJob",              Class::ReadsOwn,         200),
    ("createExport",        Class::TakesAll,         202),
    ("getExport",           Class::ReadsOwn,         200),
    ("importNotes",         Class::Writes,           202),
    ("listChanges",         Class::Reads,            200),
    ("followChanges",       Class::Reads,            200),
    ("listUsers",           Class::Administers,      200),
    ("getUser",             Class::Administers,      200),
    ("updateUser",          Class::AdministersFresh, 200),
    ("deleteUser",          Class::AdministersFresh, 200),
    ("endUserSessions",     Class::AdministersFresh, 204),
    ("resetUserTotp",       Class::AdministersFresh, 204),
    ("listInvites",         Class::Administers,      200),
    ("createInvite",        Class::AdministersFresh, 201),
    ("revokeInvite",        Class::AdministersFresh, 204),
    ("listAudit",           Class::Administers,      200),
    ("listSsoProviders",    Class::Administers,      200),
    ("createSsoProvider",   Class::AdministersFresh, 201),
    ("getSsoProvider",      Class::Administers,      200),
    ("updateSsoProvider",   Class::AdministersFresh, 200),
    ("deleteSsoProvider",   Class::AdministersFresh, 204),
    ("checkSsoProvider",    Class::Administers,      200),
];

/// What a caller gets from an operation.
pub(super) fn expected(caller: Caller, id: &str, class: Class, done: u16) -> u16 {
    match (id, caller) {
        // Whose account was disabled signs in no more, and what was given out to it before is worth nothing.
        ("login" | "answerSecondFactor" | "signInWithPasskey" | "signInWithSso" | "refresh", Caller::Disabled) => {
            return 401;
        }
        // A way to a provider is bound to a session, and the socket has none.
        ("beginSsoStepUp" | "stepUpWithSso" | "beginLink" | "linkIdentity", Caller::LocalAdmin) => return 403,
        // There is an administrator already.
        ("setUp", Caller::Admin | Caller::AdminKey) => return 409,
        ("confirmReset", Caller::Disabled) => return 403,
        // It ended when the account got its other role.
        ("endSession", Caller::ReadOnly) => return 404,
        _ => {}
    }
    let (_, letters) = CLASSES.iter().find(|(known, _)| *known == class).unwrap();
    let letters: Vec<char> = letters.chars().filter(|c| *c != ' ').collect();
    assert_eq!(letters.len(), CALLERS.len(), "{class:?}");
    let at = CALLERS.iter().position(|known| *known == caller).unwrap();
    match letters[at] {
        '.' => done,
        '1' => 401,
        '3' => 403,
        '4' => 404,
        other => panic!("{other}"),
    }
}
