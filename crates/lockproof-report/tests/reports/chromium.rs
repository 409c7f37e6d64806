//! Chromium without a window, spoken to in the protocol of its developer tools: one message after the
//! other, each ended by a zero byte, through the file descriptors 3 and 4.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The names under which distributions install it.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Makes the shell's standard input and output those descriptors. A browser that hangs is stopped,
/// and the test then fails because the browser is gone.
const START: &str =
    r#"exec timeout --kill-after=5 120 "$@" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null"#;

const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
];

/// A browser with one page.
pub(crate) struct Browser {
    child: Child,
    commands: ChildStdin,
    messages: BufReader<ChildStdout>,
    last: u64,
    session: Option<String>,
    /// What the pages complained of so far: exceptions, errors, warnings, violated policies.
    complaints: Vec<String>,
    /// Its profile, and the pages that it is shown.
    folder: TempDir,
}

/// A window's size and the reader's preference.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    pub(crate) width: u32,
    pub(crate) scheme: &'static str,
}

impl Browser {
    /// Starts one; `None` where none is installed.
    pub(crate) fn start() -> Option<Self> {
        let name = NAMES.into_iter().find(|name| is_installed(name))?;
        let folder = TempDir::new().expect("a temporary folder can be made");
        let profile = format!("--user-data-dir={}", folder.path().join("profile").display());
        let mut child = Command::new("sh")
            .args(["-c", START, "sh", name])
            .args(FLAGS)
            .arg(profile)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell can be run");
        let commands = child.stdin.take().expect("it is piped");
        let messages = BufReader::new(child.stdout.take().expect("it is piped"));
        let (last, session, complaints) = (0, None, Vec::new());
        let mut browser = Self { child, commands, messages, last, session, complaints, folder };
        browser.attach();
        Some(browser)
    }

    /// Shows a page, from disk.
    pub(crate) fn open(&mut self, page: &str, View { width, scheme }: View) {
        let path = self.folder.path().join("report.html");
        fs::write(&path, page).expect("the temporary folder can be written");
        let metrics =
            json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", &metrics);
        let preference = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.call("Emulation.setEmulatedMedia", &json!({"features": preference}));
        self.call("Page.navigate", &json!({"url": url(&path)}));
        while self.message()["method"] != "Page.loadEventFired" {}
    }

    /// Whether pages may run scripts from now on.
    pub(crate) fn allow_scripts(&mut self, allowed: bool) {
        self.call("Emulation.setScriptExecutionDisabled", &json!({"value": !allowed}));
    }

    /// The value of an expression in the page.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        let parameters = json!({"expression": expression, "returnByValue": true});
        let answer = self.call("Runtime.evaluate", &parameters);
        assert!(answer.get("exceptionDetails").is_none(), "`{expression}` throws: {answer}");
        answer["result"]["value"].clone()
    }

    /// The text of the first element of this kind, as it is shown.
    pub(crate) fn text(&mut self, selector: &str) -> String {
        let text = self.evaluate(&format!("document.querySelector('{selector}').innerText"));
        text.as_str().unwrap_or_else(|| panic!("{selector} has a text")).to_owned()
    }

    /// Clicks an element.
    pub(crate) fn click(&mut self, selector: &str) {
        self.evaluate(&format!("document.querySelector('{selector}').click()"));
    }

    /// Presses a key, as a person would.
    pub(crate) fn press(&mut self, key: &str) {
        for kind in ["rawKeyDown", "keyUp"] {
            let code = match key {
                "Tab" => 9,
                "Enter" => 13,
                "End" => 35,
                "Home" => 36,
                "ArrowLeft" => 37,
                "ArrowRight" => 39,
                _ => 0,
            };
            let event = json!({"type": kind, "key": key, "windowsVirtualKeyCode": code});
            self.call("Input.dispatchKeyEvent", &event);
        }
    }

    /// What the pages complained of since this was asked last.
    pub(crate) fn complaints(&mut self) -> Vec<String> {
        // The answer comes after all that was said before it.
        self.evaluate("0");
        std::mem::take(&mut self.complaints)
    }

    fn attach(&mut self) {
        let target = self.call("Target.createTarget", &json!({"url": "about:blank"}));
        let target = json!({"targetId": target["targetId"], "flatten": true});
        let session = self.call("Target.attachToTarget", &target);
        self.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log"] {
            self.call(&format!("{domain}.enable"), &json!({}));
        }
    }

    fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.last += 1;
        let mut command = json!({"id": self.last, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            command["sessionId"] = session.as_str().into();
        }
        let command = format!("{command}\0");
        self.commands.write_all(command.as_bytes()).expect("the browser listens");
        loop {
            let message = self.message();
            if message["id"] == self.last {
                assert!(message.get("error").is_none(), "{method} is refused: {message}");
                return message["result"].clone();
            }
        }
    }

    fn message(&mut self) -> Value {
        let mut text = Vec::new();
        self.messages.read_until(0, &mut text).expect("the browser can be heard");
        text.pop().expect("the browser goes on; it is stopped after two minutes");
        let message: Value = serde_json::from_slice(&text).expect("the browser speaks JSON");
        let is_complaint = match message["method"].as_str() {
            Some("Runtime.exceptionThrown" | "Log.entryAdded") => true,
            Some("Runtime.consoleAPICalled") => message["params"]["type"] != "log",
            _ => false,
        };
        if is_complaint {
            self.complaints.push(message["params"].to_string());
        }
        message
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Nothing can be done about a browser that does not go.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn is_installed(name: &str) -> bool {
    let mut version = Command::new(name);
    version.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    version.status().is_ok_and(|status| status.success())
}

/// The file as a URL; every byte that could mean something there is escaped.
fn url(path: &Path) -> String {
    let mut url = "file://".to_owned();
    for byte in PathBuf::from(path).to_string_lossy().bytes() {
        if byte.is_ascii_alphanumeric() || b"/.-_".contains(&byte) {
            url.push(char::from(byte));
        } else {
            write!(url, "%{byte:02X}").expect("a text can be written");
        }
    }
    url
}
