<?php
{% set server = webmail.server or host %}
// Roundcube for the mail of this site. What is not said here is in defaults.inc.php beside this file,
// with an explanation of every setting. Check it with: php -l config.inc.php

$config = [];

// Roundcube's own database: settings and address books, no mail and no password.
{% if webmail.database %}
$config['db_dsnw'] = 'sqlite:///{{ webmail.database }}?mode=0640';
{% else %}
// dbconfig-common of Debian knows it: dpkg-reconfigure roundcube-core
require '/etc/roundcube/debian-db-roundcube.php';
{% endif %}

// With this key the password of whoever is signed in is sealed in the session.
{% if secrets.webmail_key %}
$config['des_key'] = '{{ secrets.webmail_key }}';
{% else %}
// Roundcube's own is known to everybody, so nothing works without: secrets.webmail_key_file.
throw new RuntimeException('the site file names no secrets.webmail_key_file');
{% endif %}

// People read and send with their full address and their own password, over TLS, from a server that
// proves its name.
$config['imap_host'] = 'ssl://{{ server }}:{{ listen.imaps }}';
$config['smtp_host'] = 'tls://{{ server }}:{{ listen.submission }}';
$config['smtp_user'] = '%u';
$config['smtp_pass'] = '%p';
$config['imap_conn_options'] = $config['smtp_conn_options'] = [
    'ssl' => [
        'verify_peer' => true,
        'verify_peer_name' => true,
        'peer_name' => '{{ host }}',
{% if tls.ca %}
        'cafile' => '{{ tls.ca }}',
{% endif %}
    ],
];

// Addresses are in lower case. A few wrong passwords a minute are answered, then no more.
$config['login_lc'] = 2;
$config['login_rate_limit'] = 3;

// Signed out after so many minutes without a click.
$config['session_lifetime'] = 30;
$config['session_samesite'] = 'Strict';
$config['enable_installer'] = false;

// The folders below INBOX are made when somebody first signs in, with the names other programs use.
$config['create_default_folders'] = true;

// An account without a quota has none used up.
$config['quota_zero_as_unlimited'] = true;

$config['product_name'] = '{{ webmail.title }}';
$config['skin'] = 'elastic';
$config['plugins'] = [];
// The spelling checker of Roundcube would ask another server about every mail.
$config['enable_spellcheck'] = false;

$config['log_dir'] = '{{ webmail.log_dir }}/';
$config['log_logins'] = true;
$config['temp_dir'] = '{{ webmail.temp_dir }}/';
