/** Bytes of every CID that worker3 takes: version, codec, hash code, hash length, 32 bytes of sha2-256. */
export const CID_BYTES = 36;

/** Multicodec code of `raw`. Source: https://github.com/multiformats/multicodec/blob/master/table.csv */
export const RAW_CODE = 0x55;

/** Multicodec code of `dag-pb`. */
export const DAG_PB_CODE = 0x70;

/** Multihash code of `sha2-256`. */
export const SHA2_256_CODE = 0x12;
