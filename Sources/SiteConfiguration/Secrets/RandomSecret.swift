// Random secrets, from OpenSSL.

internal import COpenSSL

/// Makes secrets that nobody can guess.
public enum RandomSecret {
    /// Without letters and digits that look alike, so that a password can be typed on a desk phone.
    private static let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789")

    static func bytes(_ count: Int) throws(PasswordHash.Failure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&bytes, Int32(count)) == 1 else { throw .noRandomness }
        return bytes
    }

    /// A text of `count` characters with five random bits each: 26 and more reach 128 bits.
    public static func text(characters count: Int) throws(PasswordHash.Failure) -> String {
        String(try bytes(count).map { alphabet[Int($0) % alphabet.count] })
    }
}
