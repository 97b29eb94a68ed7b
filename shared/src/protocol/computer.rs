//! This computer as the page shows it: its network interfaces, and the phones that were found on
//! its cables (cases C09 to C13, C22, C24).

use serde::{Deserialize, Serialize};

/// This computer right now. All of it is empty where nobody looks: without a page, in an older
/// helper, and where the person does not want it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComputerView {
    /// Its network interfaces, those first that a phone's cable can be in.
    #[serde(default)]
    pub interfaces: Vec<InterfaceView>,
    /// The phones that were found, and whatever else answers where only a phone is expected.
    #[serde(default)]
    pub found: Vec<FoundPhone>,
    /// Whether addresses are being asked for right now.
    #[serde(default)]
    pub looking: bool,
    /// Whether it was looked long enough for a phone to have shown itself, and none has.
    #[serde(default)]
    pub in_vain: bool,
}

/// What an interface is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InterfaceKind {
    /// A network card with a socket for a cable.
    Cable,
    /// Wi-Fi.
    Wifi,
    /// A tunnel.
    Vpn,
    /// Made by software.
    Virtual,
    /// Nobody says.
    Unknown,
}

/// One network interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterfaceView {
    /// Its name, as the system's own settings show it.
    pub name: String,
    /// What it is.
    pub kind: InterfaceKind,
    /// Whether a phone's cable can be in it.
    pub may_hold_phone: bool,
    /// Whether something is at the other end; none, and the system does not say.
    pub link: Option<bool>,
    /// Its addresses, each with the bits of its network: `192.168.1.4/24`.
    pub addresses: Vec<String>,
    /// The router behind it that leads everywhere.
    pub gateway: Option<String>,
}

/// What is known of a phone that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundState {
    /// Its recovery page was read.
    Recovery,
    /// It takes a firmware already.
    Busy,
    /// It runs its normal software.
    Normal,
    /// It was started with the wrong keys.
    TestMode,
    /// It is there, and no page answers.
    Silent,
    /// It is on the cable, and this computer has no address beside it.
    OutOfReach,
}

/// A phone that was found, and why it is thought to be one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPhone {
    /// Where its page answers, as a person types it.
    pub address: String,
    /// The interface with its cable, where it is known.
    pub interface: Option<String>,
    /// What is known of it.
    pub state: FoundState,
    /// Why, a sentence each.
    pub why: Vec<String>,
    /// What would make it reachable.
    #[serde(default)]
    pub repair: Option<RepairView>,
}

/// A change of this computer that is offered, and how a person makes it without us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepairView {
    /// What is done.
    pub what: Repair,
    /// The commands or clicks for this system, ready to copy.
    pub by_hand: Vec<String>,
}

/// What a repair does. Each is taken back when the recovery ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repair {
    /// An address of ours in the phone's network, for the phone alone.
    Address {
        /// The address.
        ours: String,
        /// The interface that gets it.
        interface: String,
    },
    /// A firewall rule that lets the phone alone in.
    Firewall,
    /// The right to open the ports that the phone asks. By hand alone.
    OpenPorts,
}
