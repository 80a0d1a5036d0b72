<?php
// Writes what PHP makes of URLR's bodies, as one JSON object a line: name, base, body in base64, want.
$bases = json_decode(file_get_contents(__DIR__ . '/bases.json'), true);
function made(string $name, string $base, string $body, string $want, ?string $signed = null): void
{
    $case = ['name' => "PHP: $name", 'base' => $base, 'body' => base64_encode($body), 'want' => $want];
    if ($signed !== null) {
        $case['signed'] = base64_encode($signed);
    }
    echo json_encode($case, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), "\n";
}
$click = $bases['click'];
$event = json_decode($click, true);

// Signed with flags, received without.
foreach (['JSON_HEX_TAG' => JSON_HEX_TAG, 'JSON_HEX_AMP' => JSON_HEX_AMP, 'JSON_HEX_APOS' => JSON_HEX_APOS, 'JSON_HEX_QUOT' => JSON_HEX_QUOT,
    'all JSON_HEX_*' => JSON_HEX_TAG | JSON_HEX_AMP | JSON_HEX_APOS | JSON_HEX_QUOT,
    'Laravel' => JSON_HEX_TAG | JSON_HEX_APOS | JSON_HEX_AMP | JSON_HEX_QUOT | JSON_UNESCAPED_SLASHES,
    'JSON_HEX_TAG and JSON_UNESCAPED_UNICODE' => JSON_HEX_TAG | JSON_UNESCAPED_UNICODE,
    'JSON_HEX_AMP, pretty' => JSON_HEX_AMP | JSON_PRETTY_PRINT] as $name => $flags) {
    made("signed with $name", 'click', $click, 'php-hex-flags', json_encode($event, $flags));
}
made('signed with JSON_UNESCAPED_SLASHES', 'click', $click, 'slash-escapes', json_encode($event, JSON_UNESCAPED_SLASHES));
made('signed with JSON_UNESCAPED_SLASHES and JSON_UNESCAPED_UNICODE', 'click', $click, 're-encoded', json_encode($event, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE));
made('signed with JSON_PRETTY_PRINT', 'click', $click, 'pretty-printed', json_encode($event, JSON_PRETTY_PRINT));
made('signed with JSON_PRETTY_PRINT and more', 'click', $click, 're-encoded', json_encode($event, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE));

$sorted = $event;
ksort($sorted);
ksort($sorted['link']);
made('ksort', 'click', json_encode($sorted), 'key-order');
made('ksort, unescaped', 'click', json_encode($sorted, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), 'key-order');
made('array_reverse', 'click', json_encode(array_reverse($event)), 'key-order');
made('json_encode twice', 'click', json_encode($click), 'json-string');
made('json_encode in an array', 'click', json_encode([$event]), 'json-envelope');
made('in data, unescaped', 'click', json_encode(['data' => $event, 'id' => 5], JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), 'json-envelope');
made('as a string in payload', 'click', json_encode(['payload' => $click]), 'json-envelope');
made('array_filter', 'nulls', json_encode(array_filter(json_decode($bases['nulls'], true))), 'dropped-members');
made('array_filter, old', 'old', json_encode(array_filter(json_decode($bases['old'], true))), 'dropped-members');
made('array_merge', 'click', json_encode($event + ['received_at' => '2023-10-15', 'ip' => '192.0.2.1']), 'added-members');
made('strings of all', 'old', json_encode(array_map(fn ($v) => is_array($v) ? array_map('strval', $v) : (string) $v, json_decode($bases['old'], true))), 'changed-types');
made('bools as integers', 'click', json_encode(array_map(fn ($v) => is_bool($v) ? (int) $v : $v, $event)), 'changed-types');
made('float with JSON_PRESERVE_ZERO_FRACTION', 'click', json_encode(['timestamp' => 1697398126.0] + $event, JSON_PRESERVE_ZERO_FRACTION), 'key-order');
made('the link emptied', 'click', json_encode(array_merge($event, ['link' => []])), 'content-changed');
made('htmlspecialchars of all', 'click', htmlspecialchars($click), 'html-entities');
made('htmlspecialchars of the strings', 'click', json_encode(array_map(fn ($v) => is_string($v) ? htmlspecialchars($v) : $v, $event)), 'html-entities');
made('htmlentities of the strings', 'click', json_encode(array_map(fn ($v) => is_string($v) ? htmlentities($v) : $v, $event)), 'html-entities');
made('strip_tags', 'click', json_encode(array_map(fn ($v) => is_string($v) ? strip_tags($v) : $v, $event)), 'secret');
made('addslashes', 'click', addslashes($click), 'log-escaped');
made('addslashes, ASCII', 'ascii', addslashes($bases['ascii']), 'log-escaped');
made('stripslashes', 'click', stripslashes($click), 'not-json');
made('base64_encode', 'click', base64_encode($click), 'base64-encoded');
made('chunk_split of base64', 'click', chunk_split(base64_encode($click)), 'base64-encoded');
made('bin2hex', 'click', bin2hex($click), 'hex-encoded');
made('urlencode', 'click', urlencode($click), 'percent-encoded');
made('rawurlencode', 'click', rawurlencode($click), 'percent-encoded');
made('http_build_query of a field', 'click', http_build_query(['payload' => $click]), 'form-encoded');
made('http_build_query of the event', 'click', http_build_query($event), 'not-json');
made('gzencode', 'click', gzencode($click), 'compressed');
made('gzcompress', 'click', gzcompress($click), 'compressed');
made('gzdeflate', 'click', gzdeflate($click), 'compressed');
made('gzencode, cut', 'click', substr(gzencode($click), 0, 200), 'not-json');
made('print_r', 'click', print_r($event, true), 'not-json');
made('var_export', 'click', var_export($event, true), 'not-json');
made('serialize', 'click', serialize($event), 'not-json');
made('cut by substr', 'click', substr($click, 0, 255), 'not-json');
made('cut by substr, early', 'click', substr($click, 0, 100), 'not-json');
made('NULs from a buffer', 'click', str_pad($click, 1024, "\0"), 'trailing-nuls');
made('a NUL', 'click', $click . "\0", 'trailing-nuls');
made('a delivery appended', 'click', $click . $bases['old'], 'outer-text');
made('two lines', 'click', $bases['old'] . "\n" . $click, 'outer-text');
made('PHP_EOL', 'click', json_encode($sorted) . PHP_EOL, 'key-order');
made('echo of false', 'click', '', 'empty-body');
made('json_encode of null', 'click', json_encode(null), 'content-changed');
made('json_encode of an empty array', 'click', json_encode([]), 'content-changed');
made('json_encode of an empty object', 'click', json_encode(new stdClass()), 'content-changed');
made('print of an object', 'click', 'Array', 'not-json');
made('a warning before', 'click', "<br />\n<b>Warning</b>: Undefined variable\n" . $click, 'outer-text');
made('a BOM before', 'click', "\u{feff}" . $click, 'byte-order-mark');
made('iconv to ISO-8859-1', 'emoji', iconv('UTF-8', 'ISO-8859-1//TRANSLIT', json_encode($event, JSON_UNESCAPED_UNICODE)), 'not-json');
made('iconv to UTF-16LE', 'click', iconv('UTF-8', 'UTF-16LE', $click), 'other-charset');
made('utf8_encode twice', 'click', json_encode(json_decode(iconv('ISO-8859-1', 'UTF-8', json_encode($event, JSON_UNESCAPED_UNICODE)))), 'content-changed');
made('JSON_INVALID_UTF8_SUBSTITUTE', 'click', json_encode(array_merge($event, ['city' => "Cr\xe9hen"]), JSON_INVALID_UTF8_SUBSTITUTE), 'content-changed');
made('nothing but the secret', 'click', $click, 'secret', 'a body that nobody has');
made('nothing but the secret, old', 'old', $bases['old'], 'secret', 'a body that nobody has');
made('nothing but the secret, two members that URLR has added', 'newest', $bases['newest'], 'secret', 'a body that nobody has');
made('re-encoded, and two members that URLR has added', 'newest', json_encode(array_reverse(json_decode($bases['newest'], true)), JSON_UNESCAPED_SLASHES), 're-encoded');
made('var_dump', 'click', (function () use ($event) { ob_start(); var_dump($event); return ob_get_clean(); })(), 'not-json');
