//! A network of the test's own: namespaces with real cables between them, and a simulated phone
//! at the far end of one. No root is needed, and no packet leaves.
//!
//! The test gives a script in POSIX shell. It begins in a namespace with nothing in it, and has
//! these words:
//!
//! - `room NAME` another namespace; `in_room NAME COMMAND…` runs something in it
//! - `cable HERE ROOM` a cable from HERE to a plug of the same name in the room, both with a link
//! - `turn_on ROOM ADDRESS OPTIONS…` the phone, on the real port 80 of that room
//! - `hookflash …` the program, with a data folder of its own; `as_anybody …` the same without
//!   any right
//! - `addresses` what is compared before and after
//! - `wait_until COMMAND…` until it succeeds

use std::process::Command;

use serde_json::Value;

use crate::programs::path;
use crate::recovery::firmware;

const WORDS: &str = r#"
set -eu
folder=$3 file=$3/57i.st
export HOME="$3" XDG_DATA_HOME="$3/data"
started=
trap 'for each in $started; do kill "$each" 2>/dev/null || true; done' EXIT
wait_until() {
    tries=0
    until "$@" 2>/dev/null; do
        tries=$((tries + 1))
        # A bound for what never happens, no budget.
        [ $tries -lt 600 ] || { echo "it never happened: $*" >&2; exit 98; }
        sleep 0.05
    done
}
other_net() { [ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/$$/ns/net)" ]; }
room() {
    unshare --net sleep 600 > /dev/null & eval "room_$1=$!"; started="$started $!"
    wait_until other_net "$!"
    in_room "$1" ip link set lo up
}
in_room() {
    eval "inside=\$room_$1"; shift
    nsenter --target "$inside" --net "$@"
}
cable() {
    eval "far=\$room_$2"
    ip link add "$1" type veth peer name "$1" netns "$far"
    ip link set "$1" up
    in_room "$2" ip link set "$1" up
}
turn_on() {
    eval "inside=\$room_$1"; at=$2; shift 2
    nsenter --target "$inside" --net "$phone_program" --bind "$at:80" --fast "$@" > "$folder/phone" & started="$started $!"
    wait_until grep -q '"event":"ready"' "$folder/phone"
}
hookflash() { "$hookflash_program" "$@"; }
as_anybody() { unshare --user "$hookflash_program" "$@"; }
addresses() { ip -4 -oneline address; ip -4 route; }
same() { [ "$1" = "$(addresses)" ] || { echo "before: $1"; echo "after: $(addresses)"; exit 99; } >&2; }
hookflash_program=$1 phone_program=$2
# What /sys tells is of the namespace in which it was mounted.
mount -t sysfs sysfs /sys
ip link set lo up
"#;

/// What a script has printed, and how it ended.
#[derive(Debug)]
pub struct Played {
    /// Standard output.
    pub said: String,
    /// Standard error.
    pub complained: String,
    /// The exit code.
    pub exit: Option<i32>,
}

/// Plays a script.
pub fn play(script: &str) -> Played {
    let folder = tempfile::tempdir().expect("a folder for the data");
    firmware(folder.path(), "57i.st", 1_600_000);
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--net", "--mount", "--", "sh", "-c"])
        .arg(format!("{WORDS}\n{script}"))
        .arg("network")
        .args([path("hookflash"), path("simulated-phone"), folder.path().to_owned()])
        .output()
        .expect("unshare starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Played { said: text(&output.stdout), complained: text(&output.stderr), exit: output.status.code() }
}

impl Played {
    /// That it ended with this exit code.
    #[track_caller]
    pub fn assert_exit(&self, exit: i32) {
        assert_eq!(self.exit, Some(exit), "{}\n{}", self.said, self.complained);
    }

    /// The lines that are JSON objects.
    pub fn lines(&self) -> Vec<Value> {
        self.said.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// The findings of a check, in the order of time.
    pub fn checks(&self, name: &str) -> Vec<Value> {
        let lines = self.lines().into_iter();
        lines.filter(|line| line["event"] == "check" && line["name"] == name).collect()
    }
}
