//! The faces of the recovery form. Names, order and labels of the real one are unknown
//! (domain.md 1.1 and 7), so there are many.

use std::str::FromStr;

/// One face of the form. The pages themselves are in `recovery/pages`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum FormStyle {
    /// As a 57i user told it: file, type, protocol, then TFTP, FTP, HTTP fields, submit.
    #[default]
    Plain,
    /// The same with names that say nothing.
    Nameless,
    /// The form lies in a frame.
    Frames,
    /// Protocol and type as radio buttons, nothing quoted, nothing closed.
    Radio,
    /// Selects whose values are numbers.
    Numbers,
    /// One server, path, user and password for all protocols.
    Shared,
    /// A file input: the 68xx generation.
    Upload,
    /// The same, with a hidden token that must come back.
    UploadToken,
    /// German labels in Latin-1.
    German,
    /// French labels.
    French,
    /// Spanish labels.
    Spanish,
    /// Four forms on the page; one is the right one.
    ManyForms,
    /// The button is a script that submits.
    ScriptButton,
    /// The button's script sets a hidden field first; without it nothing works.
    ScriptField,
    /// The button is a picture.
    ImageButton,
    /// The first page sends the browser on by meta refresh.
    MetaRefresh,
    /// The first page sends the browser on by redirect.
    Redirect,
    /// The form is sent by GET.
    ByGet,
    /// Headings say which protocol, labels only server and path.
    Groups,
    /// The action is a whole URL.
    Absolute,
    /// No action at all: the form goes to its own page.
    NoAction,
    /// Only TFTP is offered.
    TftpOnly,
    /// The page says that its addresses are meant from elsewhere.
    BaseHref,
    /// Names that say nothing; each label stands in the cell above its field.
    LabelAbove,
    /// Names that say nothing; labels and fields in tables of their own inside a table.
    Nested,
    /// Fields for a configuration beside those for firmware, a second server, a box to confirm,
    /// a button that only saves, an upload for something else.
    Crowded,
    /// Two fields called Server, and one of them is meant: nobody can know which.
    TwoServers,
    /// Two forms that are equal, for two places in the flash: nobody can know which.
    TwoForms,
    /// A form for a configuration, and none for firmware.
    OtherFile,
    /// Names that say nothing and no labels either: nobody can know.
    Riddle,
}

impl FormStyle {
    /// All faces.
    pub const ALL: &[Self] = &[
        Self::Plain,
        Self::Nameless,
        Self::Frames,
        Self::Radio,
        Self::Numbers,
        Self::Shared,
        Self::Upload,
        Self::UploadToken,
        Self::German,
        Self::French,
        Self::Spanish,
        Self::ManyForms,
        Self::ScriptButton,
        Self::ScriptField,
        Self::ImageButton,
        Self::MetaRefresh,
        Self::Redirect,
        Self::ByGet,
        Self::Groups,
        Self::Absolute,
        Self::NoAction,
        Self::TftpOnly,
        Self::BaseHref,
        Self::LabelAbove,
        Self::Nested,
        Self::Crowded,
        Self::TwoServers,
        Self::TwoForms,
        Self::OtherFile,
        Self::Riddle,
    ];

    /// Its name in `form=NAME`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Nameless => "nameless",
            Self::Frames => "frames",
            Self::Radio => "radio",
            Self::Numbers => "numbers",
            Self::Shared => "shared",
            Self::Upload => "upload",
            Self::UploadToken => "upload-token",
            Self::German => "german",
            Self::French => "french",
            Self::Spanish => "spanish",
            Self::ManyForms => "many-forms",
            Self::ScriptButton => "script-button",
            Self::ScriptField => "script-field",
            Self::ImageButton => "image-button",
            Self::MetaRefresh => "meta-refresh",
            Self::Redirect => "redirect",
            Self::ByGet => "by-get",
            Self::Groups => "groups",
            Self::Absolute => "absolute",
            Self::NoAction => "no-action",
            Self::TftpOnly => "tftp-only",
            Self::BaseHref => "base-href",
            Self::LabelAbove => "label-above",
            Self::Nested => "nested",
            Self::Crowded => "crowded",
            Self::TwoServers => "two-servers",
            Self::TwoForms => "two-forms",
            Self::OtherFile => "other-file",
            Self::Riddle => "riddle",
        }
    }

    /// Whether no reader can know what belongs where: such a phone is asked about, not guessed at.
    pub fn is_unreadable(self) -> bool {
        matches!(self, Self::TwoServers | Self::TwoForms | Self::OtherFile | Self::Riddle)
    }

    /// Whether TFTP is the only road that this face offers.
    pub fn is_tftp_only(self) -> bool {
        self == Self::TftpOnly || self.is_unreadable()
    }

    /// Whether the file is brought by the page itself.
    pub fn is_upload(self) -> bool {
        matches!(self, Self::Upload | Self::UploadToken)
    }
}

impl FromStr for FormStyle {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|style| style.name() == text).ok_or(())
    }
}
