/** Content Credentials (C2PA): signing what was made, reading what is in a file, whose certificate it is. */
export { certificateInUse, type CertificateChange } from './certificate.ts';
export { readCredentials } from './reading.ts';
export { beginSigning, type Signing, type SigningOrNot, withSigning } from './signing.ts';
export { type CredentialsPlace } from './trainer.ts';
