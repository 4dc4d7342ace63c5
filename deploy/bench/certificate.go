//go:build linux

package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"time"
)

// otherRoots is how many roots are trusted beside the one that counts. Whoever opens a connection
// reads all of them first; Amazon Linux ships about as many: https://wiki.mozilla.org/CA/Included_Certificates
const otherRoots = 140

// certify makes a certificate for loopback and the file of trusted roots, one
// of which vouches for it by way of an intermediate, as for every public site.
func certify() (certificate tls.Certificate, roots []byte, err error) {
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return certificate, nil, err
	}
	middleKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return certificate, nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return certificate, nil, err
	}
	root, middle := authority(1, "bench root"), authority(2, "bench intermediate")
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(3), Subject: pkix.Name{CommonName: "bench"}, NotAfter: root.NotAfter,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, middle, key.Public(), middleKey)
	if err != nil {
		return certificate, nil, err
	}
	middleDER, err := x509.CreateCertificate(rand.Reader, middle, root, middleKey.Public(), rootKey)
	if err != nil {
		return certificate, nil, err
	}
	roots, err = bundle(root, rootKey)
	return tls.Certificate{Certificate: [][]byte{leafDER, middleDER}, PrivateKey: key}, roots, err
}

func authority(serial int64, name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
}

// bundle returns the root among others that have nothing to do with it.
func bundle(root *x509.Certificate, key crypto.Signer) ([]byte, error) {
	var file bytes.Buffer
	add := func(c *x509.Certificate, key crypto.Signer) error {
		der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
		if err != nil {
			return err
		}
		return pem.Encode(&file, &pem.Block{Type: "CERTIFICATE", Bytes: der})
	}
	otherKey, err := rsa.GenerateKey(rand.Reader, 2048) // as most roots have
	if err != nil {
		return nil, err
	}
	for i := range otherRoots {
		if err := add(authority(int64(i), fmt.Sprintf("another root, number %d", i+1)), otherKey); err != nil {
			return nil, err
		}
	}
	err = add(root, key)
	return file.Bytes(), err
}
