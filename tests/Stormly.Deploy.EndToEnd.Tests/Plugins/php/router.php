<?php
// Answers every POST with the name of its server and the props that it got.
$request = json_decode(file_get_contents('php://input'));
header('Content-Type: application/json');
echo json_encode(['server' => 'php', 'props' => $request->props]);
