<?php
// Writes bases.json: bodies as URLR's PHP writes them. Each is one that something in the corpus does not leave alone.
$link = ['id' => '9759d03f-eaec-4ca4-a5a2-105ced01fbd8', 'code' => 'yBPhx', 'label' => 'Été "2026" — l\'offre',
    'workspace_id' => '2c196f79-0db8-421a-9230-623c8956bdbf', 'folder_id' => '469cf8aa-5d9b-4bcb-bafc-8a2576b6f504'];
$click = ['event' => 'link_clicked', 'link' => $link, 'is_qrcode' => false, 'is_unique' => true, 'country' => 'FR', 'region' => 'Bretagne',
    'city' => 'Créhen', 'system' => 'GNU/Linux', 'browser' => 'Firefox', 'referer' => 'https://example.com/?a=1&b=<é>', 'timestamp' => 1697398126];
$nulls = array_merge($click, ['link' => array_merge($link, ['label' => 'Summer sale'])], ['region' => null, 'city' => null, 'referer' => null]);
$ascii = array_merge($nulls, ['region' => 'Bretagne', 'city' => 'Rennes', 'referer' => 'https://example.com/']);
$old = ['event' => 'link_clicked', 'link' => ['code' => 'yBPhx', 'team' => 5, 'folder' => 10], 'country' => 'FR', 'region' => null, 'city' => null,
    'system' => 'GNU/Linux', 'browser' => 'Firefox', 'isBot' => false, 'referer' => 'https://example.com/', 'timestamp' => 1697398126];
$emoji = array_merge($click, ['link' => array_merge($link, ['label' => 'Soldes 😀 & co'])]);
$newer = array_merge(array_slice($click, 0, 9), ['device' => 'mobile'], array_slice($click, 9));
$newest = array_merge(array_slice($newer, 0, 3), ['is_bot' => false], array_slice($newer, 3));
file_put_contents(__DIR__ . '/bases.json', json_encode(array_map('json_encode', compact('click', 'nulls', 'ascii', 'old', 'emoji', 'newer', 'newest')), JSON_PRETTY_PRINT) . "\n");
