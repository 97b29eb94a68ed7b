//! Firewalls: which are known on this computer, and whether they are on (case C08).

/// The firewalls that are known by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WallKind {
    /// Ubuntu's.
    Ufw,
    /// Fedora's and Red Hat's.
    Firewalld,
    /// Rules of the Linux kernel that nobody manages whom we know.
    Nftables,
    /// Windows'.
    Defender,
    /// macOS's.
    ApplicationFirewall,
}

impl WallKind {
    /// Its name, as its users know it.
    pub fn name(self) -> &'static str {
        match self {
            WallKind::Ufw => "ufw",
            WallKind::Firewalld => "firewalld",
            WallKind::Nftables => "nftables",
            WallKind::Defender => "Windows Defender Firewall",
            WallKind::ApplicationFirewall => "the macOS application firewall",
        }
    }
}

/// One firewall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wall {
    /// Which one.
    pub kind: WallKind,
    /// Whether it is on; none, and it could not be asked.
    pub on: Option<bool>,
}
