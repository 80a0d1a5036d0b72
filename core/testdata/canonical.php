<?php
// Reads base64 documents, one a line, and writes what PHP makes of each, in base64, or "!".
while (($line = fgets(STDIN)) !== false) {
    $value = json_decode(base64_decode($line));
    $json = json_last_error() === JSON_ERROR_NONE ? json_encode($value) : false;
    echo $json === false ? '!' : base64_encode($json), "\n";
}
