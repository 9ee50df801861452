# Digests, keyed digests, AES and keys of passwords, by published test vectors.
$text = [Text.Encoding]::UTF8.GetBytes('The quick brown fox jumps over the lazy dog')
$key = [Text.Encoding]::UTF8.GetBytes('key')
[Convert]::ToHexString([Security.Cryptography.MD5]::HashData($text))
[Convert]::ToHexString([Security.Cryptography.SHA1]::Create().ComputeHash($text))
[Convert]::ToHexString([Security.Cryptography.HMACMD5]::new($key).ComputeHash($text))
[Convert]::ToHexString([Security.Cryptography.HMACSHA1]::new($key).ComputeHash($text))
[Convert]::ToHexString([Security.Cryptography.HMACSHA256]::new($key).ComputeHash($text))
[Security.Cryptography.SHA256]::Create().HashSize
$salt = [Text.Encoding]::UTF8.GetBytes('salt')
[Convert]::ToHexString([Security.Cryptography.Rfc2898DeriveBytes]::Pbkdf2('password', $salt, 2, 'SHA1', 20))
$aes = [Security.Cryptography.Aes]::Create()
$aes.Key = [Convert]::FromHexString('2B7E151628AED2A6ABF7158809CF4F3C')
$aes.IV = [Convert]::FromHexString('000102030405060708090A0B0C0D0E0F')
$aes.Padding = 'None'
$block = [Convert]::FromHexString('6BC1BEE22E409F96E93D7E117393172A')
$secret = $aes.CreateEncryptor().TransformFinalBlock($block, 0, 16)
[Convert]::ToHexString($secret)
[Convert]::ToHexString($aes.CreateDecryptor().TransformFinalBlock($secret, 0, 16))
"$($aes.KeySize) $($aes.BlockSize) $($aes.Mode)"
