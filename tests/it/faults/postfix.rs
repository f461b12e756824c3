//! Debian's postfix, with folders of its own below a temporary one: a real server that is stopped in the middle and started again.

use std::collections::HashMap;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::world::Takes;

/// A user and group that own nothing else.
const NOBODY: u32 = 65_534;

/// The programs of a mail system that takes mail and puts it into a Maildir.
const SERVICES: &str = "pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
smtp unix - - n - - smtp
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
";

/// A postfix that only this machine reaches. Dropping it ends it.
pub struct Postfix {
    program: String,
    folder: TempDir,
    port: u16,
}

impl Postfix {
    /// Starts one that keeps what comes for example.test and refuses an address for good. It must run as root.
    pub fn start(program: String, refused: &str) -> Self {
        // Its programs give up root and must still come in.
        let folder =
            tempfile::Builder::new().prefix("tongpan-postfix.").tempdir_in("/tmp").expect("a folder");
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(folder.path(), open).expect("permissions");
        for name in ["conf", "queue", "data", "mail"] {
            fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        std::os::unix::fs::chown(folder.path().join("mail"), Some(NOBODY), Some(NOBODY)).expect("an owner");
        let own = Command::new("chown").arg("postfix").arg(folder.path().join("data")).status();
        assert!(own.expect("chown runs").success());
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let postfix = Self { program, folder, port };
        postfix.configure(refused);
        postfix.starts();
        postfix
    }

    fn configure(&self, refused: &str) {
        let at = self.folder.path().display();
        let main = format!(
            "compatibility_level = 3.6
queue_directory = {at}/queue
data_directory = {at}/data
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = postfix.test
mydestination =
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = example.test
virtual_mailbox_base = {at}/mail
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:{NOBODY}
virtual_gid_maps = static:{NOBODY}
virtual_minimum_uid = 100
smtpd_recipient_restrictions = check_recipient_access inline:{{{refused}=REJECT}}, permit_mynetworks, reject
maillog_file = {at}/log
maillog_file_prefixes = {at}
"
        );
        let services = format!("127.0.0.1:{} inet n - n - - smtpd\n{SERVICES}", self.port);
        fs::write(self.path("conf/main.cf"), main).expect("a configuration");
        fs::write(self.path("conf/master.cf"), services).expect("a configuration");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn asks(&self, what: &str) -> bool {
        let asked = Command::new(&self.program).arg("-c").arg(self.path("conf")).arg(what).output();
        asked.expect("postfix runs").status.success()
    }

    /// Starts it.
    pub fn starts(&self) {
        let log = || fs::read_to_string(self.path("log")).unwrap_or_default();
        assert!(self.asks("start"), "postfix does not start: {}", log());
    }

    /// Ends it at once, whatever is under way.
    pub fn aborts(&self) {
        assert!(self.asks("abort"), "postfix can be ended");
    }

    /// Waits until all that it took is in the mailbox.
    pub async fn has_delivered(&self) {
        let began = Instant::now();
        let queues = ["maildrop", "incoming", "active", "deferred"].map(|name| self.path("queue").join(name));
        while queues.iter().any(|queue| holds_a_file(queue)) {
            assert!(began.elapsed() < Duration::from_secs(120), "postfix does not deliver");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Takes for Postfix {
    fn route(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// By the number under which it took each: what it itself delivers twice was still taken once.
    fn taken(&self) -> Vec<String> {
        let Ok(mailbox) = fs::read_dir(self.path("mail/all/new")) else { return Vec::new() };
        let mails = mailbox.map(|file| fs::read_to_string(file.expect("a file").path()).expect("a mail"));
        let by_number: HashMap<String, String> = mails.map(|mail| number_and_id(&mail)).collect();
        by_number.into_values().collect()
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        self.asks("abort");
    }
}

fn number_and_id(mail: &str) -> (String, String) {
    let number = mail.split(" (Postfix) with ").nth(1).and_then(|rest| rest.split_whitespace().nth(2));
    let id = mail.lines().find_map(|line| line.strip_prefix("Message-ID: "));
    (number.expect("a number").to_owned(), id.expect("a Message-ID").to_owned())
}

/// Some of its queues are spread over folders.
fn holds_a_file(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|entries| {
        entries
            .flatten()
            .any(|entry| entry.file_type().is_ok_and(|kind| !kind.is_dir()) || holds_a_file(&entry.path()))
    })
}
