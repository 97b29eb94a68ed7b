//! What Linux knows of its interfaces: one folder each in /sys/class/net.
//!
//! Files and values: Documentation/ABI/testing/sysfs-class-net of the kernel, and `DEVTYPE` in
//! `uevent`, by which udev tells them apart as well.

use std::fs;
use std::path::Path;

use super::super::interface::{Interface, Kind};

/// `ARPHRD_ETHER` of if_arp.h: what speaks Ethernet. Tunnels have other numbers.
const ETHERNET: &str = "1";
/// `ARPHRD_LOOPBACK`.
const LOOPBACK: &str = "772";
/// `IFF_NOARP` of if.h: nobody is at the other end of a dummy.
const NOARP: u32 = 0x80;

/// Every interface but loopback, in the order of their names.
pub(super) fn interfaces(folder: &Path) -> Vec<Interface> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .map(|entries| entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect())
        .unwrap_or_default();
    names.sort();
    names.iter().filter_map(|name| interface(&folder.join(name), name)).collect()
}

fn interface(folder: &Path, name: &str) -> Option<Interface> {
    let read = |file: &str| fs::read_to_string(folder.join(file)).ok().map(|text| text.trim().to_owned());
    let sort = read("type")?;
    if sort == LOOPBACK {
        return None;
    }
    let is_there = |file: &str| folder.join(file).exists();
    let uevent = read("uevent").unwrap_or_default();
    let device_type = uevent.lines().find_map(|line| line.strip_prefix("DEVTYPE="));
    let flags = read("flags").and_then(|flags| u32::from_str_radix(flags.trim_start_matches("0x"), 16).ok());
    let asks_nobody = flags.is_some_and(|flags| flags & NOARP != 0);
    let kind = match device_type {
        Some("wlan") => Kind::Wifi,
        Some("wireguard") => Kind::Vpn,
        // Mobile radio: the cable to it is no cable of ours.
        Some("wwan") => Kind::Virtual,
        _ if is_there("wireless") || is_there("phy80211") => Kind::Wifi,
        _ if is_there("tun_flags") || sort != ETHERNET => Kind::Vpn,
        _ if is_there("device") => Kind::Cable,
        Some(_) => Kind::Virtual,
        _ if is_there("bridge") || is_there("bonding") => Kind::Virtual,
        None if asks_nobody => Kind::Virtual,
        // Such as one end of a pair. What hangs on the other end, nobody says.
        None => Kind::Unknown,
    };
    // Not readable while the interface is switched off.
    let carrier = read("carrier");
    let link = match (carrier.as_deref(), read("operstate").as_deref()) {
        (Some("1"), _) => Some(true),
        (Some("0"), _) | (None, Some("down" | "lowerlayerdown" | "notpresent")) => Some(false),
        _ => None,
    };
    Some(Interface {
        index: read("ifindex").and_then(|index| index.parse().ok()),
        kind,
        link,
        mac: read("address").and_then(|mac| mac.parse().ok()),
        enslaved: is_there("master"),
        ..Interface::named(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder as /sys/class/net has them.
    fn make(folder: &Path, name: &str, files: &[(&str, &str)]) {
        fs::create_dir_all(folder.join(name)).unwrap();
        for (file, content) in files {
            fs::write(folder.join(name).join(file), format!("{content}\n")).unwrap();
        }
    }

    #[test]
    fn every_kind_of_interface_is_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let ethernet = |more: &[(&'static str, &'static str)]| {
            let mut files =
                vec![("type", "1"), ("ifindex", "2"), ("flags", "0x1003"), ("uevent", "INTERFACE=x")];
            files.extend(more);
            files
        };
        let make = |name: &str, files: &[(&str, &str)]| make(folder.path(), name, files);
        make("lo", &[("type", "772")]);
        let plugged = [("device", ""), ("carrier", "1"), ("address", "00:08:5d:00:00:01")];
        make("eth0", &ethernet(&plugged));
        make("eth1", &ethernet(&[("device", ""), ("carrier", "0"), ("operstate", "down")]));
        make("eth2", &ethernet(&[("device", ""), ("operstate", "down")]));
        make("eth3", &ethernet(&[("device", ""), ("carrier", "1"), ("master", "")]));
        make("wlan0", &ethernet(&[("device", ""), ("uevent", "DEVTYPE=wlan"), ("operstate", "up")]));
        make("wlan1", &ethernet(&[("device", ""), ("phy80211", "")]));
        make("wwan0", &ethernet(&[("device", ""), ("uevent", "DEVTYPE=wwan")]));
        make("br0", &ethernet(&[("uevent", "DEVTYPE=bridge"), ("bridge", "")]));
        make("dummy0", &ethernet(&[("flags", "0x83")]));
        make("tap0", &ethernet(&[("tun_flags", "0x1002")]));
        make("tun0", &[("type", "65534"), ("ifindex", "9"), ("tun_flags", "0x1001")]);
        make("wg0", &[("type", "65534"), ("uevent", "DEVTYPE=wireguard")]);
        make("veth0", &ethernet(&[("carrier", "1")]));
        make("vlan5", &ethernet(&[("uevent", "DEVTYPE=vlan")]));
        let found = interfaces(folder.path());
        let of = |name: &str| {
            let found = found.iter().find(|interface| interface.name == name).unwrap();
            (found.kind, found.link, found.enslaved)
        };
        assert!(found.iter().all(|interface| interface.name != "lo"));
        assert_eq!(of("eth0"), (Kind::Cable, Some(true), false));
        assert_eq!(of("eth1"), (Kind::Cable, Some(false), false));
        assert_eq!(of("eth2"), (Kind::Cable, Some(false), false), "switched off");
        assert_eq!(of("eth3"), (Kind::Cable, Some(true), true), "a port of a bridge");
        assert_eq!(of("wlan0"), (Kind::Wifi, None, false));
        assert_eq!(of("wlan1").0, Kind::Wifi);
        assert_eq!(of("wwan0").0, Kind::Virtual);
        assert_eq!(of("br0").0, Kind::Virtual);
        assert_eq!(of("dummy0").0, Kind::Virtual);
        assert_eq!(of("tap0").0, Kind::Vpn);
        assert_eq!(of("tun0").0, Kind::Vpn);
        assert_eq!(of("wg0").0, Kind::Vpn);
        assert_eq!(of("veth0"), (Kind::Unknown, Some(true), false));
        assert_eq!(of("vlan5").0, Kind::Virtual);
        let eth0 = found.iter().find(|interface| interface.name == "eth0").unwrap();
        assert_eq!((eth0.index, eth0.mac.and_then(|mac| mac.maker())), (Some(2), Some("Aastra")));
    }

    #[test]
    fn a_folder_that_is_not_there_has_no_interfaces() {
        assert_eq!(interfaces(Path::new("/no/such/folder")), []);
    }
}
