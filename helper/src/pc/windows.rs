//! Windows: what PowerShell's network cmdlets say, as JSON, which is the same in every language
//! of the system, and the commands of netsh. Nobody has run this on Windows yet: names and
//! values are those of Microsoft's documentation of MSFT_NetAdapter and of the cmdlets.

use std::io;
use std::net::Ipv4Addr;
use std::path::Path;

use serde::Deserialize;

use super::System;
use super::change::{HostAddress, NetworkAddress};
use super::command::CommandLine;
use super::interface::{Interface, Kind, Neighbour, Route, Snapshot};
use super::ports::{Holder, Port, Transport};
use super::power::{self, Means, Power};
use super::subnet::Network;
use super::wall::rule::{HostRule, Place};
use super::wall::{Finding, Inlet, Verdict, WallKind, WallReport, defender};

/// Windows.
#[derive(Debug)]
pub(super) struct Windows;

/// Both in one start of PowerShell, which takes its time.
const TABLES: &str = "ConvertTo-Json -Compress -Depth 3 @{\
    Adapters=@(Get-NetAdapter|Select-Object Name,InterfaceDescription,ifIndex,MediaConnectState,NdisPhysicalMedium,Virtual,HardwareInterface,MacAddress);\
    Routes=@(Get-NetRoute -AddressFamily IPv4|Select-Object ifIndex,DestinationPrefix,NextHop)}";
const NEIGHBOURS: &str = "ConvertTo-Json -Compress @(Get-NetNeighbor -AddressFamily IPv4|Select-Object ifIndex,IPAddress,LinkLayerAddress)";

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Tables {
    adapters: Vec<Adapter>,
    routes: Vec<RouteRow>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Adapter {
    name: String,
    interface_description: String,
    #[serde(rename = "ifIndex")]
    index: Option<u32>,
    media_connect_state: Option<u32>,
    ndis_physical_medium: Option<u32>,
    #[serde(rename = "Virtual")]
    is_virtual: Option<bool>,
    hardware_interface: Option<bool>,
    mac_address: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RouteRow {
    #[serde(rename = "ifIndex")]
    index: u32,
    destination_prefix: String,
    next_hop: Option<Ipv4Addr>,
}

#[derive(Debug, Deserialize)]
struct NeighbourRow {
    #[serde(rename = "IPAddress")]
    ip: Ipv4Addr,
    #[serde(rename = "LinkLayerAddress")]
    mac: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HolderRow {
    id: Option<u32>,
    program: Option<String>,
}

impl System for Windows {
    fn snapshot(&self) -> io::Result<Snapshot> {
        let mut snapshot = tables(&powershell(TABLES).run().unwrap_or_default());
        snapshot.add_addresses()?;
        snapshot.add_gateways();
        Ok(snapshot)
    }

    fn neighbours(&self) -> Vec<Neighbour> {
        neighbours(&powershell(NEIGHBOURS).run().unwrap_or_default())
    }

    /// netsh takes the interface's number for its name. `store=active` is gone with the next
    /// start of the system.
    fn add(&self, address: &HostAddress) -> Vec<CommandLine> {
        let (name, HostAddress { ours, phone, .. }) = (name(address), address);
        let mask = "mask=255.255.255.255";
        vec![
            netsh([
                "add",
                "address",
                &format!("name={name}"),
                &format!("address={ours}"),
                mask,
                "store=active",
            ]),
            netsh([
                "add",
                "route",
                &format!("prefix={phone}/32"),
                &format!("interface={name}"),
                "store=active",
            ]),
        ]
    }

    fn remove(&self, address: &HostAddress) -> Vec<CommandLine> {
        let (name, HostAddress { ours, phone, .. }) = (name(address), address);
        vec![
            netsh([
                "delete",
                "route",
                &format!("prefix={phone}/32"),
                &format!("interface={name}"),
                "store=active",
            ]),
            netsh(["delete", "address", &format!("name={name}"), &format!("address={ours}"), "store=active"]),
        ]
    }

    fn add_network(&self, address: &NetworkAddress) -> Vec<CommandLine> {
        let (name, mask) = (network_name(address), Network::new(address.ours, address.prefix).mask());
        vec![netsh([
            "add",
            "address",
            &format!("name={name}"),
            &format!("address={}", address.ours),
            &format!("mask={mask}"),
            "store=active",
        ])]
    }

    fn remove_network(&self, address: &NetworkAddress) -> Vec<CommandLine> {
        let (name, ours) = (network_name(address), address.ours);
        vec![netsh([
            "delete",
            "address",
            &format!("name={name}"),
            &format!("address={ours}"),
            "store=active",
        ])]
    }

    /// `net session` is answered to administrators alone.
    fn may_change(&self) -> bool {
        CommandLine::of("net session").run().is_ok()
    }

    /// The system's own window, UAC (Start-Process, `-Verb RunAs`): once for all.
    fn elevated(&self, lines: &[CommandLine]) -> Vec<CommandLine> {
        let all: Vec<String> = lines.iter().map(|line| self.by_hand(line)).collect();
        let arguments = format!("/s /c \"{}\"", all.join(" && ")).replace('\'', "''");
        vec![powershell(&format!(
            "$ended=Start-Process cmd.exe -ArgumentList '{arguments}' -Verb RunAs -Wait -PassThru -WindowStyle Hidden;exit $ended.ExitCode"
        ))]
    }

    /// As it is typed in a command prompt that was started as administrator.
    fn by_hand(&self, line: &CommandLine) -> String {
        let word = |word: &String| match word.contains([' ', '&', '(', ')']) {
            true => format!("\"{word}\""),
            false => word.clone(),
        };
        std::iter::once(&line.program).chain(&line.args).map(word).collect::<Vec<_>>().join(" ")
    }

    fn holder(&self, port: Port) -> Option<Holder> {
        holder(&who_has(port).run().ok()?)
    }

    fn wall(&self, inlet: &Inlet, _ask: bool) -> WallReport {
        let program = program();
        let said = powershell(&defender::script(&program)).run().unwrap_or_default();
        wall(&said, &program, inlet)
    }

    /// Any user may open any port.
    fn port_right(&self, _program: &Path) -> Option<String> {
        None
    }

    fn power(&self) -> Power {
        power::windows::power()
    }

    fn keep_awake(&self) -> Vec<Means> {
        power::windows::keep_awake()
    }
}

fn powershell(script: &str) -> CommandLine {
    let script = format!("[Console]::OutputEncoding=[Text.Encoding]::UTF8;{script}");
    CommandLine::new(
        "powershell",
        ["-NoProfile".to_owned(), "-NonInteractive".to_owned(), "-Command".to_owned(), script],
    )
}

fn netsh<'a>(words: impl IntoIterator<Item = &'a str>) -> CommandLine {
    CommandLine::new("netsh", ["interface", "ipv4"].into_iter().chain(words))
}

fn name(address: &HostAddress) -> String {
    address.index.map_or_else(|| address.interface.clone(), |index| index.to_string())
}

fn network_name(address: &NetworkAddress) -> String {
    address.index.map_or_else(|| address.interface.clone(), |index| index.to_string())
}

fn who_has(port: Port) -> CommandLine {
    let endpoint = match port.transport {
        Transport::Udp => "Get-NetUDPEndpoint",
        Transport::Tcp => "Get-NetTCPConnection -State Listen",
    };
    powershell(&format!(
        "$e={endpoint} -LocalPort {} -ErrorAction SilentlyContinue|Select-Object -First 1;\
         if($e){{ConvertTo-Json -Compress @{{Id=$e.OwningProcess;Program=(Get-Process -Id $e.OwningProcess -ErrorAction SilentlyContinue).ProcessName}}}}",
        port.number
    ))
}

fn holder(said: &str) -> Option<Holder> {
    let HolderRow { id, program } = serde_json::from_str(said).ok()?;
    Some(Holder { pid: id, program })
}

/// The path of this program, by which the firewall knows it.
fn program() -> String {
    std::env::current_exe().map(|path| path.display().to_string()).unwrap_or_default()
}

/// Everybody is told the rules, so there is nothing to ask for.
fn wall(said: &str, program: &str, inlet: &Inlet) -> WallReport {
    let told = defender::read(said);
    let finding = told.as_ref().map_or_else(
        || Finding::new(Verdict::Unknown, shared::text::pc::NOT_LOOKED_AT),
        defender::Told::judge,
    );
    let mut report = WallReport::of(Some(WallKind::Defender), inlet, &finding);
    match (inlet.phone, told.as_ref().and_then(defender::Told::blocking)) {
        _ if finding.verdict == Verdict::LetsIn => {}
        // A rule of ours would not help.
        (_, Some(_)) => report.by_hand = vec![shared::text::pc::BLOCKED_NEXT.to_owned()],
        (Some(phone), None) => {
            let place = Place::Defender { name: defender::rule_name(phone), program: program.to_owned() };
            let rule = HostRule { phone, place };
            report.by_hand = rule.apply().iter().map(|line| Windows.by_hand(line)).collect();
            report.rules = vec![rule];
        }
        (None, None) => {}
    }
    report
}

fn tables(said: &str) -> Snapshot {
    let Tables { adapters, routes } = serde_json::from_str(said).unwrap_or_default();
    let name_of = |index: u32| {
        let adapter = adapters.iter().find(|adapter| adapter.index == Some(index));
        adapter.map_or_else(|| index.to_string(), |adapter| adapter.name.clone())
    };
    let route = |row: &RouteRow| {
        let (address, prefix) = row.destination_prefix.split_once('/')?;
        let network = Network::new(address.parse().ok()?, prefix.parse().ok()?);
        let gateway = row.next_hop.filter(|next_hop| !next_hop.is_unspecified());
        Some(Route { interface: name_of(row.index), network, gateway })
    };
    let routes = routes.iter().filter_map(route).collect();
    let interface = |adapter: &Adapter| Interface {
        index: adapter.index,
        kind: kind(adapter),
        // MSFT_NetAdapter.MediaConnectState: 0 unknown, 1 connected, 2 disconnected.
        link: match adapter.media_connect_state {
            Some(1) => Some(true),
            Some(2) => Some(false),
            _ => None,
        },
        mac: adapter.mac_address.as_deref().and_then(|mac| mac.parse().ok()),
        ..Interface::named(adapter.name.clone())
    };
    Snapshot { interfaces: adapters.iter().map(interface).collect(), routes }
}

/// MSFT_NetAdapter.NdisPhysicalMedium: 1 and 9 Wi-Fi, 8 mobile radio, 10 Bluetooth, 14 Ethernet.
fn kind(adapter: &Adapter) -> Kind {
    const TUNNELS: [&str; 6] = ["TAP-", "Wintun", "WireGuard", "VPN", "AnyConnect", "PPP"];
    if TUNNELS.iter().any(|tunnel| adapter.interface_description.contains(tunnel)) {
        return Kind::Vpn;
    }
    match (adapter.is_virtual, adapter.hardware_interface, adapter.ndis_physical_medium) {
        (Some(true), _, _) | (_, Some(false), _) => Kind::Virtual,
        (_, _, Some(1 | 9)) => Kind::Wifi,
        (_, _, Some(8 | 10)) => Kind::Virtual,
        (_, _, Some(14)) => Kind::Cable,
        _ => Kind::Unknown,
    }
}

fn neighbours(said: &str) -> Vec<Neighbour> {
    let rows: Vec<NeighbourRow> = serde_json::from_str(said).unwrap_or_default();
    let neighbour = |row: &NeighbourRow| {
        let mac = row.mac.as_deref()?.parse::<super::mac::Mac>().ok().filter(|mac| mac.is_a_device())?;
        Some(Neighbour { ip: row.ip, mac, interface: None })
    };
    rows.iter().filter_map(neighbour).collect()
}

#[cfg(test)]
mod tests;
