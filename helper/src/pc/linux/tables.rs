//! Linux's tables of interfaces, routes and neighbours: /proc/net/dev, /proc/net/route and
//! /proc/net/arp (proc(5)).

use std::net::Ipv4Addr;

use super::super::interface::{Neighbour, Route};
use super::super::subnet::Network;

/// `RTF_UP` and `RTF_GATEWAY` of route.h.
const UP: u32 = 0x1;
const GATEWAY: u32 = 0x2;
/// `RTF_REJECT`: the route leads nowhere.
const REJECT: u32 = 0x200;
/// `ATF_COM` of if_arp.h: the neighbour has answered.
const COMPLETE: u32 = 0x2;

/// The names in /proc/net/dev.
pub(super) fn interfaces(text: &str) -> Vec<&str> {
    text.lines().skip(2).filter_map(|line| Some(line.split_once(':')?.0.trim())).collect()
}

/// Reads /proc/net/route, the best first. Numbers are hexadecimal, and the addresses have the
/// byte order of the machine.
pub(super) fn routes(text: &str) -> Vec<Route> {
    let mut routes: Vec<(u32, Route)> = text.lines().skip(1).filter_map(route).collect();
    routes.sort_by_key(|(metric, route)| (u8::MAX - route.network.prefix, *metric));
    routes.into_iter().map(|(_, route)| route).collect()
}

fn route(line: &str) -> Option<(u32, Route)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let address =
        |word: usize| Some(Ipv4Addr::from(u32::from_str_radix(words.get(word)?, 16).ok()?.to_ne_bytes()));
    let flags = u32::from_str_radix(words.get(3)?, 16).ok()?;
    if flags & UP == 0 || flags & REJECT != 0 {
        return None;
    }
    let prefix = u8::try_from(address(7)?.to_bits().count_ones()).ok()?;
    let route = Route {
        interface: (*words.first()?).to_owned(),
        network: Network::new(address(1)?, prefix),
        gateway: address(2).filter(|_| flags & GATEWAY != 0),
    };
    Some((words.get(6)?.parse().ok()?, route))
}

/// Reads /proc/net/arp: those who have answered.
pub(super) fn neighbours(text: &str) -> Vec<Neighbour> {
    text.lines().skip(1).filter_map(neighbour).collect()
}

fn neighbour(line: &str) -> Option<Neighbour> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let flags = u32::from_str_radix(words.get(2)?.strip_prefix("0x")?, 16).ok()?;
    let mac = words.get(3)?.parse().ok().filter(|_| flags & COMPLETE != 0)?;
    Some(Neighbour {
        ip: words.first()?.parse().ok()?,
        mac,
        interface: words.get(5).map(|name| (*name).to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a little-endian Linux writes it, and as this machine would.
    fn as_here(text: &str) -> String {
        if cfg!(target_endian = "little") {
            return text.to_owned();
        }
        let swap = |word: &str| match (word.len(), u32::from_str_radix(word, 16)) {
            (8, Ok(number)) => format!("{:08X}", number.swap_bytes()),
            _ => word.to_owned(),
        };
        let line = |line: &str| line.split('\t').map(swap).collect::<Vec<_>>().join("\t");
        text.lines().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn routes_are_read_the_best_first() {
        let text = as_here(
            "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n\
             wlan0\t00000000\t0100000A\t0003\t0\t0\t600\t00000000\t0\t0\t0\n\
             eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n\
             eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n\
             eth1\tEAA8FEA9\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0\n\
             *\t0000000A\t00000000\t0200\t0\t0\t0\t000000FF\t0\t0\t0\n\
             torn\t00",
        );
        let routes = routes(&text);
        let shown: Vec<String> = routes
            .iter()
            .map(|route| format!("{} {} {:?}", route.interface, route.network, route.gateway))
            .collect();
        assert_eq!(
            shown,
            [
                "eth1 169.254.168.234/32 None",
                "eth0 192.168.1.0/24 None",
                "eth0 0.0.0.0/0 Some(192.168.1.1)",
                "wlan0 0.0.0.0/0 Some(10.0.0.1)",
            ]
        );
    }

    #[test]
    fn the_names_of_interfaces_are_read() {
        let text = "Inter-|   Receive\n face |bytes    packets\n    lo: 1 2 3\n  eth0: 4 5 6\n";
        assert_eq!(interfaces(text), ["lo", "eth0"]);
    }

    #[test]
    fn neighbours_are_those_who_have_answered() {
        let text = "IP address       HW type     Flags       HW address            Mask     Device\n\
                    169.254.168.234  0x1         0x2         00:08:5d:19:e4:01     *        eth0\n\
                    169.254.168.1    0x1         0x0         00:00:00:00:00:00     *        eth0\n";
        let found = neighbours(text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].mac.maker(), Some("Aastra"));
        assert_eq!(found[0].interface.as_deref(), Some("eth0"));
        assert_eq!(neighbours(""), []);
    }
}
