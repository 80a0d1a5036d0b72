package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
)

// A click is the type one would write for URLR's body without a library.
type click struct {
	Event string `json:"event"`
	Link  struct {
		ID          string `json:"id"`
		Label       string `json:"label"`
		Code        string `json:"code"`
		WorkspaceID string `json:"workspace_id"`
		FolderID    string `json:"folder_id"`
	} `json:"link"`
	Country   *string `json:"country"`
	Region    *string `json:"region"`
	City      *string `json:"city"`
	System    *string `json:"system"`
	Browser   *string `json:"browser"`
	Referer   *string `json:"referer"`
	IsQRCode  bool    `json:"is_qrcode"`
	IsUnique  bool    `json:"is_unique"`
	Timestamp int64   `json:"timestamp"`
}

// readByHand reads, verifies and decodes a body like URLR's PHP recipe.
func readByHand(r io.Reader, signature string) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	return verifyByHand(b, signature)
}

func verifyByHand(b []byte, signature string) error {
	received, err := hex.DecodeString(signature)
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(b)
	if !hmac.Equal(mac.Sum(nil), received) {
		return errors.New("signature mismatch")
	}
	var c click
	return json.Unmarshal(b, &c)
}
