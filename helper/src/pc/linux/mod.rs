//! Linux: /sys/class/net, /proc/net, and the commands of iproute2
//! and nftables. Only the rules of the firewall need a right to be read.

mod holder;
mod link;
mod tables;
mod wall;

use std::fs;
use std::io;
use std::path::Path;

use super::System;
use super::change::{HostAddress, NetworkAddress};
use super::command::CommandLine;
use super::interface::{Neighbour, Snapshot};
use super::ports::{Holder, Port};
use super::power::{self, Means, Power};
use super::wall::{Inlet, WallReport};

/// Linux.
#[derive(Debug)]
pub(super) struct Linux;

impl System for Linux {
    fn snapshot(&self) -> io::Result<Snapshot> {
        let mut interfaces = link::interfaces(Path::new("/sys/class/net"));
        // /sys is of the network namespace in which it was mounted, /proc/net of the one we are in.
        if let Ok(ours) = fs::read_to_string("/proc/net/dev") {
            let names = tables::interfaces(&ours);
            interfaces.retain(|interface| names.contains(&interface.name.as_str()));
        }
        let mut snapshot = Snapshot {
            interfaces,
            routes: tables::routes(&fs::read_to_string("/proc/net/route").unwrap_or_default()),
        };
        snapshot.add_addresses()?;
        snapshot.add_gateways();
        Ok(snapshot)
    }

    fn neighbours(&self) -> Vec<Neighbour> {
        tables::neighbours(&fs::read_to_string("/proc/net/arp").unwrap_or_default())
    }

    /// `peer` gives a route to the phone alone, which is more exact than any other route
    /// (ip-address(8)).
    fn add(&self, address: &HostAddress) -> Vec<CommandLine> {
        vec![on_address("add", address)]
    }

    fn remove(&self, address: &HostAddress) -> Vec<CommandLine> {
        vec![on_address("del", address)]
    }

    fn add_network(&self, address: &NetworkAddress) -> Vec<CommandLine> {
        vec![on_network("add", address)]
    }

    fn remove_network(&self, address: &NetworkAddress) -> Vec<CommandLine> {
        vec![on_network("del", address)]
    }

    fn may_change(&self) -> bool {
        is_root(&fs::read_to_string("/proc/self/status").unwrap_or_default())
    }

    /// polkit's way (pkexec(1)).
    fn elevated(&self, lines: &[CommandLine]) -> Vec<CommandLine> {
        lines.iter().map(|line| line.behind("pkexec")).collect()
    }

    fn by_hand(&self, line: &CommandLine) -> String {
        line.behind("sudo").to_string()
    }

    fn holder(&self, port: Port) -> Option<Holder> {
        holder::of(Path::new("/proc"), port)
    }

    fn wall(&self, inlet: &Inlet, ask: bool) -> WallReport {
        wall::report(self, inlet, ask)
    }

    /// capabilities(7); it lasts until the file is replaced.
    fn port_right(&self, program: &Path) -> Option<String> {
        let program = program.display().to_string();
        Some(self.by_hand(&CommandLine::new("setcap", ["cap_net_bind_service=+ep", &program])))
    }

    fn power(&self) -> Power {
        power::linux::power()
    }

    fn keep_awake(&self) -> Vec<Means> {
        power::linux::keep_awake()
    }
}

fn on_address(verb: &str, address: &HostAddress) -> CommandLine {
    let HostAddress { interface, ours, phone, .. } = address;
    let (ours, phone) = (ours.to_string(), phone.to_string());
    CommandLine::new("ip", ["address", verb, &ours, "peer", &phone, "dev", interface])
}

fn on_network(verb: &str, address: &NetworkAddress) -> CommandLine {
    let NetworkAddress { interface, ours, prefix, .. } = address;
    CommandLine::new("ip", ["address", verb, &format!("{ours}/{prefix}"), "dev", interface])
}

/// Whether the effective user is root (proc(5), `Uid:` real, effective, saved, file system). In
/// a user namespace it is its root, who may do this in its network namespace.
fn is_root(status: &str) -> bool {
    let uids = status.lines().find_map(|line| line.strip_prefix("Uid:"));
    uids.and_then(|uids| uids.split_whitespace().nth(1)) == Some("0")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn the_commands_are_those_of_iproute2_and_polkit() {
        let address = HostAddress {
            interface: "enp3s0".into(),
            index: Some(2),
            ours: Ipv4Addr::new(169, 254, 168, 233),
            phone: Ipv4Addr::new(169, 254, 168, 234),
        };
        let text = |lines: Vec<CommandLine>| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
        let add = "ip address add 169.254.168.233 peer 169.254.168.234 dev enp3s0";
        assert_eq!(text(Linux.add(&address)), [add]);
        let remove = "ip address del 169.254.168.233 peer 169.254.168.234 dev enp3s0";
        assert_eq!(text(Linux.remove(&address)), [remove]);
        assert_eq!(text(Linux.elevated(&Linux.add(&address))), [format!("pkexec {add}")]);
        assert_eq!(Linux.by_hand(&Linux.add(&address)[0]), format!("sudo {add}"));
        let right = Linux.port_right(Path::new("/home/a b/hookflash"));
        assert_eq!(right.as_deref(), Some("sudo setcap cap_net_bind_service=+ep '/home/a b/hookflash'"));
    }

    #[test]
    fn an_address_with_a_network_is_an_ordinary_one() {
        let ours = Ipv4Addr::new(192, 168, 254, 1);
        let address = NetworkAddress { interface: "enp3s0".into(), index: Some(2), ours, prefix: 24 };
        let text = |lines: Vec<CommandLine>| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(text(Linux.add_network(&address)), ["ip address add 192.168.254.1/24 dev enp3s0"]);
        assert_eq!(text(Linux.remove_network(&address)), ["ip address del 192.168.254.1/24 dev enp3s0"]);
    }

    #[test]
    fn root_is_known_by_the_effective_user() {
        assert!(is_root("Name:\tx\nUid:\t1000\t0\t0\t0\n"));
        assert!(!is_root("Name:\tx\nUid:\t0\t1000\t0\t0\n"));
        assert!(!is_root(""));
    }
}
