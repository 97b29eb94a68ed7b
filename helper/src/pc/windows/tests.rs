//! What Windows says, as recorded from its manuals, and the commands as data.

use super::*;

const SAID: &str = r#"{"Routes":[
    {"ifIndex":7,"DestinationPrefix":"0.0.0.0/0","NextHop":"192.168.1.1"},
    {"ifIndex":12,"DestinationPrefix":"169.254.0.0/16","NextHop":"0.0.0.0"}],
    "Adapters":[
    {"Name":"WLAN","InterfaceDescription":"Intel(R) Wi-Fi 6 AX201","ifIndex":7,"MediaConnectState":1,"NdisPhysicalMedium":9,"Virtual":false,"HardwareInterface":true,"MacAddress":"A4-83-E7-00-00-01"},
    {"Name":"Ethernet 2","InterfaceDescription":"Realtek USB GbE","ifIndex":12,"MediaConnectState":2,"NdisPhysicalMedium":14,"Virtual":false,"HardwareInterface":true,"MacAddress":"00-E0-4C-00-00-02"},
    {"Name":"vEthernet (Default Switch)","InterfaceDescription":"Hyper-V Virtual Ethernet Adapter","ifIndex":30,"MediaConnectState":1,"NdisPhysicalMedium":0,"Virtual":true,"HardwareInterface":false,"MacAddress":null},
    {"Name":"Firma","InterfaceDescription":"WireGuard Tunnel","ifIndex":31,"Virtual":true},
    {"Name":"?","ifIndex":32}]}"#;

#[test]
fn adapters_and_routes_are_read() {
    let mut snapshot = tables(SAID);
    snapshot.add_gateways();
    let shown: Vec<_> =
        snapshot.interfaces.iter().map(|found| (found.name.as_str(), found.kind, found.link)).collect();
    assert_eq!(
        shown,
        [
            ("WLAN", Kind::Wifi, Some(true)),
            ("Ethernet 2", Kind::Cable, Some(false)),
            ("vEthernet (Default Switch)", Kind::Virtual, Some(true)),
            ("Firma", Kind::Vpn, None),
            ("?", Kind::Unknown, None),
        ]
    );
    assert_eq!(snapshot.interfaces[0].gateway, Some(Ipv4Addr::new(192, 168, 1, 1)));
    assert_eq!(snapshot.routes[1].interface, "Ethernet 2");
    assert_eq!(snapshot.routes[1].gateway, None);
    assert_eq!(tables("no json at all"), Snapshot::default());
}

#[test]
fn neighbours_and_holders_are_read() {
    let said = r#"[{"ifIndex":12,"IPAddress":"169.254.168.234","LinkLayerAddress":"00-08-5D-19-E4-01"},
        {"ifIndex":12,"IPAddress":"224.0.0.22","LinkLayerAddress":"01-00-5E-00-00-16"},
        {"ifIndex":12,"IPAddress":"169.254.1.1","LinkLayerAddress":"00-00-00-00-00-00"}]"#;
    let found = neighbours(said);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].mac.maker(), Some("Aastra"));
    let tftpd = Holder { pid: Some(4120), program: Some("tftpd64".into()) };
    assert_eq!(holder(r#"{"Id":4120,"Program":"tftpd64"}"#), Some(tftpd));
    assert_eq!(holder(""), None);
}

#[test]
fn c08_a_rule_is_offered_unless_one_that_blocks_would_win_against_it() {
    let phone = Some(Ipv4Addr::new(192, 168, 1, 5));
    let inlet = Inlet { phone, ours: None, interface: None, ports: vec![Port::TFTP] };
    let of = |rules: &str| {
        let said = format!(r#"{{"Rules":[{rules}],"Profiles":[{{"Enabled":1,"Inbound":0}}]}}"#);
        wall(&said, "C:\\hook flash.exe", &inlet)
    };
    let closed = of("");
    assert_eq!(closed.rules.len(), 1);
    assert!(closed.by_hand[0].contains("\"program=C:\\hook flash.exe\" remoteip=192.168.1.5"), "{closed:?}");
    let blocked = of(r#"{"Name":"hookflash.exe","Action":4,"Profile":4}"#);
    assert!(blocked.rules.is_empty() && blocked.by_hand[0].contains("Delete"), "{blocked:?}");
    let open = of(r#"{"Name":"hookflash","Action":2,"Profile":0}"#);
    assert!(open.rules.is_empty() && open.by_hand.is_empty(), "{open:?}");
    assert_eq!(wall("", "x", &inlet).findings[0].1.verdict, Verdict::Unknown);
}

#[test]
fn an_address_with_a_network_has_its_mask() {
    let ours = Ipv4Addr::new(192, 168, 254, 1);
    let address = NetworkAddress { interface: "Ethernet 2".into(), index: Some(12), ours, prefix: 24 };
    let text = |lines: &[CommandLine]| lines.iter().map(|line| Windows.by_hand(line)).collect::<Vec<_>>();
    let add =
        "netsh interface ipv4 add address name=12 address=192.168.254.1 mask=255.255.255.0 store=active";
    assert_eq!(text(&Windows.add_network(&address)), [add]);
    let remove = "netsh interface ipv4 delete address name=12 address=192.168.254.1 store=active";
    assert_eq!(text(&Windows.remove_network(&address)), [remove]);
}

#[test]
fn the_commands_are_those_of_netsh_and_uac() {
    let address = HostAddress {
        interface: "Ethernet 2".into(),
        index: Some(12),
        ours: Ipv4Addr::new(169, 254, 168, 233),
        phone: Ipv4Addr::new(169, 254, 168, 234),
    };
    let text = |lines: &[CommandLine]| lines.iter().map(|line| Windows.by_hand(line)).collect::<Vec<_>>();
    let add = [
        "netsh interface ipv4 add address name=12 address=169.254.168.233 mask=255.255.255.255 store=active",
        "netsh interface ipv4 add route prefix=169.254.168.234/32 interface=12 store=active",
    ];
    assert_eq!(text(&Windows.add(&address)), add);
    let remove = [
        "netsh interface ipv4 delete route prefix=169.254.168.234/32 interface=12 store=active",
        "netsh interface ipv4 delete address name=12 address=169.254.168.233 store=active",
    ];
    assert_eq!(text(&Windows.remove(&address)), remove);
    let elevated = Windows.elevated(&Windows.add(&address));
    assert_eq!(elevated.len(), 1, "one question for both");
    assert_eq!(elevated[0].program, "powershell");
    let script = elevated[0].args.last().unwrap();
    let asked = format!("-ArgumentList '/s /c \"{} && {}\"' -Verb RunAs -Wait", add[0], add[1]);
    assert!(script.contains(&asked), "{script}");
    let unnumbered = HostAddress { index: None, ..address };
    let shown = Windows.by_hand(&Windows.remove(&unnumbered)[1]);
    assert!(shown.contains("\"name=Ethernet 2\""), "{shown}");
    assert!(who_has(Port::TFTP).args[3].contains("Get-NetUDPEndpoint -LocalPort 69 "));
    assert_eq!(Windows.port_right(Path::new("x")), None);
}
