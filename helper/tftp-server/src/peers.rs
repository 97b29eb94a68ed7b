//! Who is served: only the phone under recovery is answered (RFC 1350 section 7 knows no
//! login, so the address is the only thing to go by).

use std::collections::BTreeSet;
use std::net::IpAddr;

/// The addresses that are served.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Peers {
    /// Everybody who reaches the port.
    #[default]
    Any,
    /// Only these. IPv4 addresses inside IPv6 (`::ffff:192.0.2.1`) count as IPv4.
    Only(BTreeSet<IpAddr>),
}

impl Peers {
    /// Only one address.
    #[must_use]
    pub fn only(address: IpAddr) -> Self {
        [address].into_iter().collect()
    }

    /// Whether this address is served.
    #[must_use]
    pub fn allows(&self, address: IpAddr) -> bool {
        match self {
            Self::Any => true,
            Self::Only(addresses) => addresses.contains(&address.to_canonical()),
        }
    }
}

impl FromIterator<IpAddr> for Peers {
    fn from_iter<I: IntoIterator<Item = IpAddr>>(addresses: I) -> Self {
        Self::Only(addresses.into_iter().map(|address| address.to_canonical()).collect())
    }
}
