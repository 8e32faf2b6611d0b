<?php
{% set server = webmail.server or host %}
// SquirrelMail 1.4.23 for the mail of this site. It reads config/config.php below its own folder: make that
// a link to this file. (Debian has no package of it any more; Roundcube's is its modern place.)

// What is not said here.
require SM_PATH . 'config/config_default.php';

$org_name = '{{ webmail.title }}';
$org_title = '{{ webmail.title }}';
$provider_uri = '';
$provider_name = '';

// People sign in with their full address; this is added to a name without one.
$domain = '{{ host }}';

// Reading: TLS from the start (1), with a certificate that proves the name of the server.
$imapServerAddress = '{{ server }}';
$imapPort = {{ listen.imaps }};
$use_imap_tls = 1;
$imap_server_type = '{{ imap }}';
$imap_auth_mech = 'login';

// Sending: the same, and the person's own password. (With STARTTLS, 2, SquirrelMail would not look at
// the options below.)
$useSendmail = false;
$smtpServerAddress = '{{ server }}';
$smtpPort = {{ listen.submissions }};
$use_smtp_tls = 1;
$smtp_auth_mech = 'login';

$imap_stream_options = $smtp_stream_options = [
    'ssl' => [
        'verify_peer' => true,
        'verify_peer_name' => true,
        'peer_name' => '{{ host }}',
{% if tls.ca %}
        'cafile' => '{{ tls.ca }}',
{% endif %}
    ],
];

// Folders as Courier shows them, all below INBOX. Dovecot is set up to show the same.
$optional_delimiter = '.';
$default_folder_prefix = 'INBOX.';
$show_prefix_option = false;
$default_sub_of_inbox = true;
$show_contain_subfolders_option = false;
$delete_folder = true;
$force_username_lowercase = true;
$trash_folder = 'Trash';
$sent_folder = 'Sent';
$draft_folder = 'Drafts';

// The web server writes here; nobody reads it with a browser.
$data_dir = '{{ webmail.squirrelmail_data }}/';
$attachment_dir = '{{ webmail.squirrelmail_uploads }}/';
