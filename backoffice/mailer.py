"""Door: sends a mail by SMTP; the password comes from a file and goes to the server alone."""

import smtplib
import ssl
from email.message import EmailMessage

from backoffice.deliveries import MailServer
from backoffice.errors import ConfigFault

WAIT_S = 30.0
TYPES = {
    "csv": ("text", "csv"),
    "xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def letter(sender: str, to: tuple[str, ...], subject: str, text: str) -> EmailMessage:
    """A mail without an attachment yet."""
    made = EmailMessage()
    made["From"], made["To"] = sender, ", ".join(to)
    made["Subject"] = " ".join(subject.split())
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text)
    return made


def attach(made: EmailMessage, name: str, content: bytes, form: str) -> None:
    """Adds a file to a mail."""
    kind, sub = TYPES[form]
    made.add_attachment(content, maintype=kind, subtype=sub, filename=name)


def send(server: MailServer, made: EmailMessage) -> str:
    """Empty when the server took it for all of its readers, else why not, in a few words.

    Raises:
        ConfigFault: the password's file cannot be read.
    """
    password = _password(server)
    context = ssl.create_default_context()
    try:
        line: smtplib.SMTP
        if server.security == "tls":
            line = smtplib.SMTP_SSL(server.host, server.port, timeout=WAIT_S, context=context)
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=WAIT_S)
        with line:
            if server.security == "starttls":
                line.starttls(context=context)
            if server.user:
                line.login(server.user, password)
            refused = line.send_message(made)
    except (OSError, smtplib.SMTPException) as error:
        # An error's text could hold what was said at the log-in.
        code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else ""
        return f"{type(error).__name__} {code}".strip()
    return f"refused for {len(refused)} readers" if refused else ""


def _password(server: MailServer) -> str:
    if not server.user:
        return ""
    if server.password_file is None:
        raise ConfigFault("[mail] has a user and no password_file.")
    try:
        return server.password_file.read_text("utf-8").rstrip("\r\n")
    except OSError as error:
        raise ConfigFault(
            "The file {path} cannot be read ({error}).",
            path=server.password_file, error=error.strerror,
        ) from error  # fmt: skip
