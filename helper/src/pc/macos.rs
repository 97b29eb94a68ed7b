//! macOS: what `networksetup`, `ifconfig`, `netstat`, `arp` and `lsof` say, and the commands of
//! `ifconfig` and `route`. No Apple framework is linked. Nobody has run this on a Mac yet: the
//! formats are those of the manual pages.

use std::io;
use std::net::Ipv4Addr;
use std::path::Path;

use super::System;
use super::change::{HostAddress, NetworkAddress};
use super::command::{CommandLine, quoted};
use super::interface::{Interface, Kind, Neighbour, Route, Snapshot};
use super::ports::{Holder, Port, Transport};
use super::power::{self, Means, Power};
use super::subnet::Network;
use super::wall::application::{self, Entry};
use super::wall::rule::{HostRule, Place};
use super::wall::{Inlet, WallKind, WallReport};

/// macOS.
#[derive(Debug)]
pub(super) struct Macos;

impl System for Macos {
    fn snapshot(&self) -> io::Result<Snapshot> {
        let said = |line: &str| CommandLine::of(line).run().unwrap_or_default();
        let ports = said("networksetup -listallhardwareports");
        let mut snapshot = Snapshot {
            interfaces: interfaces(&said("ifconfig -a"), &ports),
            routes: routes(&said("netstat -rn -f inet")),
        };
        snapshot.add_addresses()?;
        snapshot.add_gateways();
        Ok(snapshot)
    }

    fn neighbours(&self) -> Vec<Neighbour> {
        neighbours(&CommandLine::of("arp -an").run().unwrap_or_default())
    }

    /// ifconfig(8), `alias`; route(8), `-interface`, with `-ifa` so that our new address is the
    /// sender's.
    fn add(&self, address: &HostAddress) -> Vec<CommandLine> {
        let HostAddress { interface, ours, phone, .. } = address;
        let (ours, phone) = (ours.to_string(), phone.to_string());
        vec![
            CommandLine::new("ifconfig", [interface, "inet", &ours, "netmask", "255.255.255.255", "alias"]),
            CommandLine::new("route", ["-n", "add", "-host", &phone, "-interface", interface, "-ifa", &ours]),
        ]
    }

    fn remove(&self, address: &HostAddress) -> Vec<CommandLine> {
        let HostAddress { interface, ours, phone, .. } = address;
        let (ours, phone) = (ours.to_string(), phone.to_string());
        vec![
            CommandLine::new("route", ["-n", "delete", "-host", &phone, "-interface", interface]),
            CommandLine::new("ifconfig", [interface, "inet", &ours, "-alias"]),
        ]
    }

    fn add_network(&self, address: &NetworkAddress) -> Vec<CommandLine> {
        let NetworkAddress { interface, ours, prefix, .. } = address;
        let mask = Network::new(*ours, *prefix).mask().to_string();
        vec![CommandLine::new("ifconfig", [interface, "inet", &ours.to_string(), "netmask", &mask, "alias"])]
    }

    fn remove_network(&self, address: &NetworkAddress) -> Vec<CommandLine> {
        let NetworkAddress { interface, ours, .. } = address;
        vec![CommandLine::new("ifconfig", [interface, "inet", &ours.to_string(), "-alias"])]
    }

    fn may_change(&self) -> bool {
        CommandLine::of("id -u").run().is_ok_and(|user| user == "0")
    }

    /// The system's own window (AppleScript Language Guide, `do shell script`): once for all.
    fn elevated(&self, lines: &[CommandLine]) -> Vec<CommandLine> {
        let all: Vec<String> = lines.iter().map(ToString::to_string).collect();
        let text = all.join(" && ").replace('\\', "\\\\").replace('"', "\\\"");
        let script = format!("do shell script \"{text}\" with administrator privileges");
        vec![CommandLine::new("osascript", ["-e".to_owned(), script])]
    }

    fn by_hand(&self, line: &CommandLine) -> String {
        line.behind("sudo").to_string()
    }

    fn holder(&self, port: Port) -> Option<Holder> {
        holder(&who_has(port).run().ok()?)
    }

    /// Everybody is told, so there is nothing to ask for.
    fn wall(&self, inlet: &Inlet, _ask: bool) -> WallReport {
        let program = std::env::current_exe().map(|path| path.display().to_string()).unwrap_or_default();
        let on = application::global_state().run().ok().and_then(|said| application::is_on(&said));
        // Where it is off there is nothing else to be asked for.
        let more = |line: CommandLine| (on != Some(false)).then(|| line.run().ok()).flatten();
        let all = more(application::block_all()).and_then(|said| application::blocks_all(&said));
        let entry = more(application::list()).and_then(|said| application::entry(&said, &program));
        wall(on, all, entry, &program, inlet)
    }

    /// Only root opens a port below 1024 on one address; capabilities of a file there are none.
    fn port_right(&self, program: &Path) -> Option<String> {
        Some(format!("sudo {}", quoted(&program.display().to_string())))
    }

    fn power(&self) -> Power {
        power::macos::power()
    }

    fn keep_awake(&self) -> Vec<Means> {
        power::macos::keep_awake()
    }
}

/// lsof(8): one field a line.
fn who_has(port: Port) -> CommandLine {
    match port.transport {
        Transport::Udp => CommandLine::of(&format!("lsof -nP -iUDP:{} -Fpc", port.number)),
        Transport::Tcp => CommandLine::of(&format!("lsof -nP -iTCP:{} -sTCP:LISTEN -Fpc", port.number)),
    }
}

fn holder(said: &str) -> Option<Holder> {
    let field = |name: char| said.lines().find_map(|line| line.strip_prefix(name));
    let pid = field('p')?.parse().ok();
    Some(Holder { pid, program: field('c').map(str::to_owned) })
}

fn wall(
    on: Option<bool>,
    all: Option<bool>,
    entry: Option<Entry>,
    program: &str,
    inlet: &Inlet,
) -> WallReport {
    let finding = application::judge(on, all, entry);
    let mut report = WallReport::of(Some(WallKind::ApplicationFirewall), inlet, &finding);
    // Where everything is kept out, an entry of ours would not help.
    if let (Some(phone), Some(was @ (Entry::Missing | Entry::Blocked)), Some(true), Some(false)) =
        (inlet.phone, entry, on, all)
    {
        let place = Place::ApplicationFirewall { program: program.to_owned(), was };
        let rule = HostRule { phone, place };
        report.by_hand = rule.apply().iter().map(|line| Macos.by_hand(line)).collect();
        report.rules = vec![rule];
    }
    report
}

/// Blocks of `ifconfig -a`: a name at the start of a line, and what belongs to it behind a tab.
/// The name in the settings and the kind come from `networksetup -listallhardwareports`.
fn interfaces(ifconfig: &str, ports: &str) -> Vec<Interface> {
    let mut interfaces: Vec<Interface> = Vec::new();
    for line in ifconfig.lines() {
        let inside = line.starts_with(char::is_whitespace);
        if !inside {
            let Some((name, _)) = line.split_once(": flags=") else { continue };
            let shown = hardware_port(ports, name);
            let kind = kind(name, shown);
            interfaces.push(Interface { kind, shown: shown.map(str::to_owned), ..Interface::named(name) });
        } else if let Some(interface) = interfaces.last_mut() {
            let line = line.trim();
            if let Some(mac) = line.strip_prefix("ether ") {
                interface.mac = mac.parse().ok();
            } else if let Some(status) = line.strip_prefix("status: ") {
                interface.link = Some(status == "active");
            }
        }
    }
    interfaces.retain(|interface| !interface.name.starts_with("lo"));
    interfaces
}

fn hardware_port<'a>(ports: &'a str, device: &str) -> Option<&'a str> {
    let mut port = None;
    for line in ports.lines() {
        if let Some(name) = line.strip_prefix("Hardware Port: ") {
            port = Some(name);
        } else if line.strip_prefix("Device: ") == Some(device) {
            return port;
        }
    }
    None
}

fn kind(name: &str, shown: Option<&str>) -> Kind {
    let starts = |known: &[&str]| known.iter().any(|known| name.starts_with(known));
    if starts(&["utun", "ipsec", "ppp", "gif", "stf"]) {
        return Kind::Vpn;
    }
    if starts(&["bridge", "awdl", "llw", "ap", "anpi", "vmnet", "vmenet", "feth"]) {
        return Kind::Virtual;
    }
    match shown {
        Some("Wi-Fi" | "AirPort") => Kind::Wifi,
        Some(shown) if shown.contains("Bluetooth") || shown.contains("iPhone") => Kind::Virtual,
        Some(shown) if shown.contains("Ethernet") || shown.contains("LAN") => Kind::Cable,
        _ => Kind::Unknown,
    }
}

/// `netstat -rn -f inet`: destination, router, flags, interface.
fn routes(text: &str) -> Vec<Route> {
    text.lines().filter_map(route).collect()
}

fn route(line: &str) -> Option<Route> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [destination, gateway, flags, interface, ..] = words[..] else { return None };
    let gateway = gateway.parse().ok().filter(|_| flags.contains('G'));
    Some(Route { interface: interface.to_owned(), network: destination_of(destination)?, gateway })
}

/// `default`, `192.168.1`, `192.168.1/24` or `192.168.1.5`: zeros at the end are left out.
fn destination_of(text: &str) -> Option<Network> {
    if text == "default" {
        return Some(Network::new(Ipv4Addr::UNSPECIFIED, 0));
    }
    let (numbers, prefix) =
        text.split_once('/').map_or((text, None), |(numbers, prefix)| (numbers, Some(prefix)));
    let mut octets = [0; 4];
    let mut known = 0;
    for (octet, number) in octets.iter_mut().zip(numbers.split('.')) {
        *octet = number.parse().ok()?;
        known += 8;
    }
    let prefix = prefix.map_or(Some(known), |prefix| prefix.parse().ok())?;
    (numbers.split('.').count() <= 4).then(|| Network::new(octets.into(), prefix))
}

/// `? (192.168.1.5) at 0:8:5d:19:e4:1 on en5 ifscope [ethernet]`.
fn neighbours(text: &str) -> Vec<Neighbour> {
    let neighbour = |line: &str| {
        let ip = line.split_once('(')?.1.split_once(')')?.0.parse().ok()?;
        let mut words = line.split_whitespace();
        let mac = words.by_ref().skip_while(|word| *word != "at").nth(1)?.parse().ok()?;
        let interface = words.skip_while(|word| *word != "on").nth(1).map(str::to_owned);
        Some(Neighbour { ip, mac, interface })
    };
    text.lines().filter_map(neighbour).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PORTS: &str = "\nHardware Port: Wi-Fi\nDevice: en0\nEthernet Address: a4:83:e7:00:00:01\n\n\
        Hardware Port: USB 10/100/1000 LAN\nDevice: en5\nEthernet Address: 00:e0:4c:00:00:02\n\n\
        Hardware Port: Thunderbolt Bridge\nDevice: bridge0\nEthernet Address: N/A\n\n\
        VLAN Configurations\n===================\n";
    const IFCONFIG: &str = "lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> mtu 16384\n\
        \tinet 127.0.0.1 netmask 0xff000000\n\
        en0: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500\n\
        \tether a4:83:e7:00:00:01\n\tinet 192.168.1.20 netmask 0xffffff00 broadcast 192.168.1.255\n\
        \tstatus: active\n\
        en5: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500\n\
        \tether 00:e0:4c:00:00:02\n\tstatus: inactive\n\
        utun0: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1380\n";

    #[test]
    fn interfaces_have_the_names_of_the_settings() {
        let found = interfaces(IFCONFIG, PORTS);
        let shown: Vec<_> = found.iter().map(|found| (found.to_string(), found.kind, found.link)).collect();
        assert_eq!(
            shown,
            [
                ("Wi-Fi (en0)".into(), Kind::Wifi, Some(true)),
                ("USB 10/100/1000 LAN (en5)".into(), Kind::Cable, Some(false)),
                ("utun0".into(), Kind::Vpn, None),
            ]
        );
        assert_eq!(found[1].mac.map(|mac| mac.to_string()).as_deref(), Some("00:E0:4C:00:00:02"));
    }

    #[test]
    fn routes_are_read_in_every_form() {
        let text = "Routing tables\n\nInternet:\nDestination        Gateway            Flags               Netif Expire\n\
            default            192.168.1.1        UGScg                 en0       \n\
            169.254            link#6             UCS                   en5      !\n\
            192.168.1/24       link#4             UCS                   en0      !\n\
            192.168.1.5        0:8:5d:19:e4:1     UHLWIi                en5   1190\n";
        let shown: Vec<String> = routes(text)
            .iter()
            .map(|route| format!("{} {} {:?}", route.interface, route.network, route.gateway))
            .collect();
        assert_eq!(
            shown,
            [
                "en0 0.0.0.0/0 Some(192.168.1.1)",
                "en5 169.254.0.0/16 None",
                "en0 192.168.1.0/24 None",
                "en5 192.168.1.5/32 None",
            ]
        );
        assert_eq!(destination_of("1.2.3.4.5"), None);
    }

    #[test]
    fn neighbours_and_holders_are_read() {
        let text = "? (192.168.1.5) at 0:8:5d:19:e4:1 on en5 ifscope [ethernet]\n\
                    ? (192.168.1.9) at (incomplete) on en0 ifscope [ethernet]\n";
        let found = neighbours(text);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].mac.maker(), found[0].interface.as_deref()), (Some("Aastra"), Some("en5")));
        let tftpd = Holder { pid: Some(812), program: Some("tftpd".into()) };
        assert_eq!(holder("p812\nctftpd\nf3\n"), Some(tftpd));
        assert_eq!(holder(""), None);
    }

    #[test]
    fn an_address_with_a_network_has_its_mask() {
        let ours = Ipv4Addr::new(192, 168, 254, 1);
        let address = NetworkAddress { interface: "en5".into(), index: None, ours, prefix: 24 };
        let text = |lines: &[CommandLine]| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
        let add = "ifconfig en5 inet 192.168.254.1 netmask 255.255.255.0 alias";
        assert_eq!(text(&Macos.add_network(&address)), [add]);
        assert_eq!(text(&Macos.remove_network(&address)), ["ifconfig en5 inet 192.168.254.1 -alias"]);
    }

    #[test]
    fn the_commands_are_those_of_the_manual_pages() {
        let address = HostAddress {
            interface: "en5".into(),
            index: None,
            ours: Ipv4Addr::new(169, 254, 168, 233),
            phone: Ipv4Addr::new(169, 254, 168, 234),
        };
        let text = |lines: &[CommandLine]| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
        let add = [
            "ifconfig en5 inet 169.254.168.233 netmask 255.255.255.255 alias",
            "route -n add -host 169.254.168.234 -interface en5 -ifa 169.254.168.233",
        ];
        assert_eq!(text(&Macos.add(&address)), add);
        let remove = [
            "route -n delete -host 169.254.168.234 -interface en5",
            "ifconfig en5 inet 169.254.168.233 -alias",
        ];
        assert_eq!(text(&Macos.remove(&address)), remove);
        let elevated = Macos.elevated(&Macos.add(&address));
        assert_eq!(elevated.len(), 1, "one question for both");
        assert_eq!(elevated[0].program, "osascript");
        let script = format!("do shell script \"{} && {}\" with administrator privileges", add[0], add[1]);
        assert_eq!(elevated[0].args, ["-e", &script]);
        let quoted = Macos.elevated(&[CommandLine::new("echo", ["a \"b\" \\c"])]);
        assert!(quoted[0].args[1].contains(r#"echo 'a \"b\" \\c'"#), "{}", quoted[0].args[1]);
        assert_eq!(Macos.by_hand(&Macos.remove(&address)[1]), format!("sudo {}", remove[1]));
        assert_eq!(who_has(Port::TFTP).to_string(), "lsof -nP -iUDP:69 -Fpc");
        assert_eq!(who_has(Port::FTP).to_string(), "lsof -nP -iTCP:21 -sTCP:LISTEN -Fpc");
        assert_eq!(Macos.port_right(Path::new("/a b")).as_deref(), Some("sudo '/a b'"));
    }

    #[test]
    fn c08_what_was_blocked_once_is_let_in_and_blocked_again_at_the_end() {
        let phone = Some(Ipv4Addr::new(192, 168, 1, 5));
        let inlet = Inlet { phone, ours: None, interface: None, ports: vec![Port::TFTP] };
        let of = |on, all, entry| wall(Some(on), Some(all), Some(entry), "/opt/hook flash", &inlet);
        let blocked = of(true, false, Entry::Blocked);
        let lets_in = "sudo /usr/libexec/ApplicationFirewall/socketfilterfw --unblockapp '/opt/hook flash'";
        assert_eq!(blocked.by_hand, [lets_in]);
        let undo = blocked.rules[0].undo(&Macos).unwrap();
        assert_eq!(undo[0].args, ["--blockapp", "/opt/hook flash"]);
        assert_eq!(of(true, false, Entry::Missing).by_hand.len(), 2);
        for nothing in [
            of(false, false, Entry::Blocked),
            of(true, true, Entry::Blocked),
            of(true, false, Entry::Allowed),
        ] {
            assert!(nothing.rules.is_empty(), "{nothing:?}");
        }
    }
}
