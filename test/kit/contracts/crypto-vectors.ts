/**
 * The primitives' part of the protocol's vectors; bytes are base64url, nonces hexadecimal. Compared in test/plugins with
 * test/fixtures/crypto-vectors.json, from which it was made.
 */

/** One Ed25519 signature. */
export const signatureVector = {
  privateKey64: "6W6XYWikGDnwejqRRu-D6ZyE7GSSADJLT2yz6PL9vLAZsFSlTB4vxnHdPxFCe60TEsXjqC2XRohsZEYBrQPHTw",
  publicKey: "GbBUpUweL8Zx3T8RQnutExLF46gtl0aIbGRGAa0Dx08",
  messageUtf8: '{"expiresAt":"2030-01-01T00:00:00.000Z","id":"CHLAAAAAAAAAAAAAAAAA","type":"Identity"}',
  signature: "oKtG_EDjZDvDzLvhpd_VFqDyOFnKSA5UJspEH49wJHjquWMEIQLjcmN_wT9uF-NFGpIlPSwsK_-OwQbFfjtIDg",
} as const;

/** One ciphertext with a nonce of its own. */
export const cipherVector = {
  key: "dZe8KFwhqMszJqrOkV2VYaHwRbgMFJ0dm7Yxz-4wZHI",
  plaintextUtf8: "hello cipher",
  cipher: "4Ar0-vwKaeYFjwIjlWSg7wZBKAqbv-lzSDhPaQ",
  nonce: "MI9iM1aODnl-ILk1kpztkvjHehr5mI8X",
} as const;

/** The plaintext of every counter vector. */
export const counterPlaintext = "counter";

/** Ciphertexts under a nonce base and a counter: key, base, counter, the nonce they make, ciphertext. */
export const counterVectors = [
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "000000000000000000000000000000000000000000000000",
    0,
    "000000000000000000000000000000000000000000000000",
    "SID0kf4Awz_gouUwMHxxfoImEh0kgmU",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "000000000000000000000000000000000000000000000000",
    1,
    "000000000000000000000000000000000000000001000000",
    "XvrbJJ0RTiCAnH7ewgBKQVM5S1FsGZU",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "000000000000000000000000000000000000000000000000",
    255,
    "0000000000000000000000000000000000000000ff000000",
    "LWwUiNvt-R5D7uAuu51aUx-zV8Qd2Hs",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "000000000000000000000000000000000000000000000000",
    256,
    "000000000000000000000000000000000000000000010000",
    "G4Sm9E3MauERuQcDR9dlqEBBUBZf73U",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "000000000000000000000000000000000000000000000000",
    65537,
    "000000000000000000000000000000000000000001000100",
    "_Tum2kjc-hMz5kBcnSxN8jpmpHpQxVg",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "000000000000000000000000000000000000000000000000",
    4294967295,
    "0000000000000000000000000000000000000000ffffffff",
    "RT5R2TxuDh9kk6-NDYUzHRma5l6cJgc",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "000102030405060708090a0b0c0d0e0f1011121314151617",
    0,
    "000102030405060708090a0b0c0d0e0f1011121314151617",
    "2f0aZRK1oZdA0S3dw4evx6kp_2FjDY8",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "000102030405060708090a0b0c0d0e0f1011121314151617",
    1,
    "000102030405060708090a0b0c0d0e0f1011121315151617",
    "pA4GjiR5tt-05wdLwlDcYWdtRZFVsb8",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "000102030405060708090a0b0c0d0e0f1011121314151617",
    255,
    "000102030405060708090a0b0c0d0e0f1011121313161617",
    "8bYmNMbwdbBL_BOolkitTjGx1Zv51gQ",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "000102030405060708090a0b0c0d0e0f1011121314151617",
    256,
    "000102030405060708090a0b0c0d0e0f1011121314161617",
    "886qrojTpjfUUp5ujBKoAXvC4lkYirs",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "000102030405060708090a0b0c0d0e0f1011121314151617",
    65537,
    "000102030405060708090a0b0c0d0e0f1011121315151717",
    "npvTc1uOLuNrE8zd1mjErWjOdfeYcn4",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "000102030405060708090a0b0c0d0e0f1011121314151617",
    4294967295,
    "000102030405060708090a0b0c0d0e0f1011121313151617",
    "3AUGeJ_e4C90OFhHWphrgPC1KfC5JmI",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "0000000000000000000000000000000000000000ffffffff",
    0,
    "0000000000000000000000000000000000000000ffffffff",
    "RT5R2TxuDh9kk6-NDYUzHRma5l6cJgc",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "0000000000000000000000000000000000000000ffffffff",
    1,
    "000000000000000000000000000000000000000000000000",
    "SID0kf4Awz_gouUwMHxxfoImEh0kgmU",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "0000000000000000000000000000000000000000ffffffff",
    255,
    "0000000000000000000000000000000000000000fe000000",
    "onu9aj0H1HdqFW1o6w9pJEHiBiao3aE",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "0000000000000000000000000000000000000000ffffffff",
    256,
    "0000000000000000000000000000000000000000ff000000",
    "LWwUiNvt-R5D7uAuu51aUx-zV8Qd2Hs",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "0000000000000000000000000000000000000000ffffffff",
    65537,
    "000000000000000000000000000000000000000000000100",
    "ypuTh_nQWWH7G4jE10vgMvuM1asXg3k",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "0000000000000000000000000000000000000000ffffffff",
    4294967295,
    "0000000000000000000000000000000000000000feffffff",
    "dE9gaf28s9rUzLWGBtiYogt0EHlWvGw",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "0000000000000000000000000000000000000000ff00ff00",
    0,
    "0000000000000000000000000000000000000000ff00ff00",
    "OhRZH_wW0OF-4G1o54sL3fwmRkU29x8",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "0000000000000000000000000000000000000000ff00ff00",
    1,
    "00000000000000000000000000000000000000000001ff00",
    "td322PCYOZnomb0SVq6jI-WCpMTxh7o",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "0000000000000000000000000000000000000000ff00ff00",
    255,
    "0000000000000000000000000000000000000000fe01ff00",
    "uXMDiylCmIK5UXrdAzW6u6Evrob7dHg",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "0000000000000000000000000000000000000000ff00ff00",
    256,
    "0000000000000000000000000000000000000000ff01ff00",
    "O204dOLUipHicYIda9bpNBXUN-NqnD0",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "0000000000000000000000000000000000000000ff00ff00",
    65537,
    "000000000000000000000000000000000000000000010001",
    "1ru-52Z_RHfgPu_-lfOksgnw1TJ44os",
  ],
  [
    "vmje6oo0hnNbgxNSVT87G0LTHftQpkGc2yc_cFSohko",
    "0000000000000000000000000000000000000000ff00ff00",
    4294967295,
    "0000000000000000000000000000000000000000fe00ff00",
    "Xz-LgpqW5jJtVDAdtPTQtYNjvOGePuA",
  ],
] as const;

/** Derived keys: base, id, context, derived. */
export const derivationVectors = [
  ["Ny0M8XILKkiZttlb8Rsw4WcpDQKnrAZxL01qsTZo5sg", 1, "REQTMP01", "0ARJ5biSl9VUXaVjVKey33Ab26w8pewHDgOLeNPsq8k"],
  ["Ny0M8XILKkiZttlb8Rsw4WcpDQKnrAZxL01qsTZo5sg", 1, "RELREQ01", "qNsGgygghcrIYHD1zElH_0pnvx-tQrT2Z8qAtSiq1LU"],
  ["Ny0M8XILKkiZttlb8Rsw4WcpDQKnrAZxL01qsTZo5sg", 1, "RELTEM01", "-UqjaGnoO_64bIuq72F6UrvQI0cWShijBU1m8Z10h1k"],
  ["Ny0M8XILKkiZttlb8Rsw4WcpDQKnrAZxL01qsTZo5sg", 0, "DataSync", "AE8vKvXeRC8DJS1oFGmtZmi64ZX2ONZ-SSXhpduPSJ0"],
  ["Ny0M8XILKkiZttlb8Rsw4WcpDQKnrAZxL01qsTZo5sg", 7, "DataSync", "ZRvhEImQo-hZ6Etj7kXguTM9pt3dvplQJePu7mI0kxU"],
  ["Ny0M8XILKkiZttlb8Rsw4WcpDQKnrAZxL01qsTZo5sg", 0, "SECRET01", "-CXPuy0GTpSAXSaLVSyApgcI_c-yhMa3OcnopsNY15A"],
  ["Ny0M8XILKkiZttlb8Rsw4WcpDQKnrAZxL01qsTZo5sg", 3, "SECRET01", "-l3lNIFWFIiYRsTahKnudX3yOQOCJO5HCAVkRB7hQAI"],
  ["Ny0M8XILKkiZttlb8Rsw4WcpDQKnrAZxL01qsTZo5sg", 1, "DEVICE01", "WnIZFv2vFrE1By44lmU-n1Kzjz5v9L1aYqBRdhIClrA"],
] as const;

/** Argon2id: password, salt, hash. */
export const passwordVectors = [
  ["1234", "LFTK5vG5kPA63ngQTgbk2A", "99ipdkZ5ZF3KqPtd3ikCCTIHhniXkr2YPhTU1gctTfs"],
  ["pw1234", "7wLYDujtVdODFgfOvirBhw", "vZunXiE1fyWEDKxwxKnl7Tw3SSq-JVbpO-OAlkeSVOQ"],
  ["pässwörd", "6Enqbx6unPaRrIqOhOLEBQ", "bjRC8hhijgv-v_ZtS9oY9bNPHctb88ruIxIYKnVfNtI"],
] as const;

/** Session keys of both sides; the requestor is the server. */
export const exchangeVector = {
  requestor: {
    pub: "LWhFMvHyoUmSLolyoWQ3SX03Gdu7WBF7hxCRMFM6n0Y",
    prv: "8XFuBQQUck_jZu2NMZgwExSDg3NtYZeiDpjhgxLC33M",
    rx: "ie6yuVplklGmCEPC-sRzIYBy4y8ePQFT5CG_ZL3WHpk",
    tx: "WpDPcE7OJPd2FPXss5oorihhKFWN-Pcfifng2D4pqBs",
  },
  templator: {
    pub: "NG_72erFFrPKfjUC9BgPSSdyHiLc7mSC5QVCIaiGGFo",
    prv: "te4u005uBZ9BGgg0u0YEVB-ags2tc2GU2c710cQvXIU",
    rx: "WpDPcE7OJPd2FPXss5oorihhKFWN-Pcfifng2D4pqBs",
    tx: "ie6yuVplklGmCEPC-sRzIYBy4y8ePQFT5CG_ZL3WHpk",
  },
} as const;

/** The first 10 bytes of SHA-256 over SHA-512, hexadecimal, as addresses carry them: bytes, digest. */
export const digestVectors = [
  ["68Cg5XDh2foP8TqiQGeOEe9j7p3lsVU83uerNWhEnrY", "3bc1eb45067596cfe7a9"],
  ["V1iQ4LOASYkWNR0jIzji3rJwIZUkphxcTUrgBLbdSyo", "0ed1a653ad76ed5b14cc"],
] as const;
