//! Types of the platform beneath the shell: threads and tasks, cryptography, JSON, LINQ to XML, sockets.

use super::declare::{declare_enums, declare_types};

declare_types! { PLATFORM:
    // Numbers and ranges.
    NULLABLE_HELPER "System.Nullable" Reference OBJECT [];
    INDEX "System.Index" Value VALUE_TYPE [];
    RANGE "System.Range" Value VALUE_TYPE [];
    OS_PLATFORM "System.Runtime.InteropServices.OSPlatform" Value VALUE_TYPE [];
    TUPLE_6 "System.Tuple`6" Reference OBJECT [ICOMPARABLE];
    TUPLE_7 "System.Tuple`7" Reference OBJECT [ICOMPARABLE];
    VALUE_TUPLE_1 "System.ValueTuple`1" Value VALUE_TYPE [ICOMPARABLE];
    VALUE_TUPLE_4 "System.ValueTuple`4" Value VALUE_TYPE [ICOMPARABLE];
    VALUE_TUPLE_5 "System.ValueTuple`5" Value VALUE_TYPE [ICOMPARABLE];
    VALUE_TUPLE_6 "System.ValueTuple`6" Value VALUE_TYPE [ICOMPARABLE];
    VALUE_TUPLE_7 "System.ValueTuple`7" Value VALUE_TYPE [ICOMPARABLE];
    STRUCTURAL_COMPARISONS "System.Collections.StructuralComparisons" Reference OBJECT [];
    BLOCKING_COLLECTION "System.Collections.Concurrent.BlockingCollection`1" Reference OBJECT [IREADONLYCOLLECTION_OF ICOLLECTION IDISPOSABLE];
    ENCODING_INFO "System.Text.EncodingInfo" Reference OBJECT [];
    // Threads and tasks.
    TASK "System.Threading.Tasks.Task" Reference OBJECT [IDISPOSABLE];
    TASK_OF "System.Threading.Tasks.Task`1" Reference TASK [];
    TASK_COMPLETION_SOURCE "System.Threading.Tasks.TaskCompletionSource`1" Reference OBJECT [];
    TASK_AWAITER "System.Runtime.CompilerServices.TaskAwaiter" Value VALUE_TYPE [];
    TASK_AWAITER_OF "System.Runtime.CompilerServices.TaskAwaiter`1" Value VALUE_TYPE [];
    INTERLOCKED "System.Threading.Interlocked" Reference OBJECT [];
    MONITOR "System.Threading.Monitor" Reference OBJECT [];
    WAIT_HANDLE "System.Threading.WaitHandle" Reference OBJECT [IDISPOSABLE];
    MUTEX "System.Threading.Mutex" Reference WAIT_HANDLE [];
    SEMAPHORE "System.Threading.Semaphore" Reference WAIT_HANDLE [];
    EVENT_WAIT_HANDLE "System.Threading.EventWaitHandle" Reference WAIT_HANDLE [];
    MANUAL_RESET_EVENT "System.Threading.ManualResetEvent" Reference EVENT_WAIT_HANDLE [];
    AUTO_RESET_EVENT "System.Threading.AutoResetEvent" Reference EVENT_WAIT_HANDLE [];
    SEMAPHORE_SLIM "System.Threading.SemaphoreSlim" Reference OBJECT [IDISPOSABLE];
    MANUAL_RESET_EVENT_SLIM "System.Threading.ManualResetEventSlim" Reference OBJECT [IDISPOSABLE];
    CANCELLATION_TOKEN_SOURCE "System.Threading.CancellationTokenSource" Reference OBJECT [IDISPOSABLE];
    // Cryptography.
    KEYED_HASH_ALGORITHM "System.Security.Cryptography.KeyedHashAlgorithm" Reference HASHALGORITHM [];
    HMACSHA1 "System.Security.Cryptography.HMACSHA1" Reference HMAC [];
    HMACSHA384 "System.Security.Cryptography.HMACSHA384" Reference HMAC [];
    HMACSHA512 "System.Security.Cryptography.HMACSHA512" Reference HMAC [];
    HMACMD5 "System.Security.Cryptography.HMACMD5" Reference HMAC [];
    SYMMETRIC_ALGORITHM "System.Security.Cryptography.SymmetricAlgorithm" Reference OBJECT [IDISPOSABLE];
    AES "System.Security.Cryptography.Aes" Reference SYMMETRIC_ALGORITHM [];
    AES_IMPLEMENTATION "System.Security.Cryptography.AesImplementation" Reference AES [];
    CRYPTO_TRANSFORM "System.Security.Cryptography.ICryptoTransform" Interface - [IDISPOSABLE];
    CRYPTO_TRANSFORM_OBJECT "System.Security.Cryptography.UniversalCryptoTransform" Reference OBJECT [CRYPTO_TRANSFORM];
    RFC2898_DERIVE_BYTES "System.Security.Cryptography.Rfc2898DeriveBytes" Reference OBJECT [IDISPOSABLE];
    HASH_ALGORITHM_NAME "System.Security.Cryptography.HashAlgorithmName" Value VALUE_TYPE [];
    CRYPTOGRAPHIC_OPERATIONS "System.Security.Cryptography.CryptographicOperations" Reference OBJECT [];
    SHA1_IMPLEMENTATION "System.Security.Cryptography.SHA1+Implementation" Reference SHA1 [];
    SHA256_IMPLEMENTATION "System.Security.Cryptography.SHA256+Implementation" Reference SHA256 [];
    SHA384_IMPLEMENTATION "System.Security.Cryptography.SHA384+Implementation" Reference SHA384 [];
    SHA512_IMPLEMENTATION "System.Security.Cryptography.SHA512+Implementation" Reference SHA512 [];
    MD5_IMPLEMENTATION "System.Security.Cryptography.MD5+Implementation" Reference MD5 [];
    RANDOM_IMPLEMENTATION "System.Security.Cryptography.RandomNumberGeneratorImplementation" Reference RANDOM_NUMBER_GENERATOR [];
    SHA1_MANAGED "System.Security.Cryptography.SHA1Managed" Reference SHA1 [];
    SHA256_MANAGED "System.Security.Cryptography.SHA256Managed" Reference SHA256 [];
    SHA384_MANAGED "System.Security.Cryptography.SHA384Managed" Reference SHA384 [];
    SHA512_MANAGED "System.Security.Cryptography.SHA512Managed" Reference SHA512 [];
    MD5_PROVIDER "System.Security.Cryptography.MD5CryptoServiceProvider" Reference MD5 [];
    SHA1_PROVIDER "System.Security.Cryptography.SHA1CryptoServiceProvider" Reference SHA1 [];
    SHA256_PROVIDER "System.Security.Cryptography.SHA256CryptoServiceProvider" Reference SHA256 [];
    SHA512_PROVIDER "System.Security.Cryptography.SHA512CryptoServiceProvider" Reference SHA512 [];
    AES_MANAGED "System.Security.Cryptography.AesManaged" Reference AES [];
    AES_PROVIDER "System.Security.Cryptography.AesCryptoServiceProvider" Reference AES [];
    X509_CERTIFICATE_LOADER "System.Security.Cryptography.X509Certificates.X509CertificateLoader" Reference OBJECT [];
    HTTP_QUERY_COLLECTION "System.Web.HttpQSCollection" Reference NAME_VALUE_COLLECTION [];
    OID "System.Security.Cryptography.Oid" Reference OBJECT [];
    PUBLIC_KEY "System.Security.Cryptography.X509Certificates.PublicKey" Reference OBJECT [];
    X509_EXTENSION "System.Security.Cryptography.X509Certificates.X509Extension" Reference OBJECT [];
    SECURITY_ELEMENT "System.Security.SecurityElement" Reference OBJECT [];
    // JSON.
    JSON_DOCUMENT "System.Text.Json.JsonDocument" Reference OBJECT [IDISPOSABLE];
    JSON_ELEMENT "System.Text.Json.JsonElement" Value VALUE_TYPE [];
    JSON_PROPERTY "System.Text.Json.JsonProperty" Value VALUE_TYPE [];
    JSON_SERIALIZER "System.Text.Json.JsonSerializer" Reference OBJECT [];
    JSON_SERIALIZER_OPTIONS "System.Text.Json.JsonSerializerOptions" Reference OBJECT [];
    // LINQ to XML.
    XOBJECT "System.Xml.Linq.XObject" Reference OBJECT [];
    XNODE "System.Xml.Linq.XNode" Reference XOBJECT [];
    XCONTAINER "System.Xml.Linq.XContainer" Reference XNODE [];
    XDOCUMENT "System.Xml.Linq.XDocument" Reference XCONTAINER [];
    XELEMENT "System.Xml.Linq.XElement" Reference XCONTAINER [];
    XATTRIBUTE "System.Xml.Linq.XAttribute" Reference XOBJECT [];
    XTEXT "System.Xml.Linq.XText" Reference XNODE [];
    XCDATA "System.Xml.Linq.XCData" Reference XTEXT [];
    XCOMMENT "System.Xml.Linq.XComment" Reference XNODE [];
    XPROCESSING_INSTRUCTION "System.Xml.Linq.XProcessingInstruction" Reference XNODE [];
    XDECLARATION "System.Xml.Linq.XDeclaration" Reference OBJECT [];
    XNAME "System.Xml.Linq.XName" Reference OBJECT [];
    XNAMESPACE "System.Xml.Linq.XNamespace" Reference OBJECT [];
    // Network.
    IPNETWORK "System.Net.IPNetwork" Value VALUE_TYPE [IFORMATTABLE];
    IPHOSTENTRY "System.Net.IPHostEntry" Reference OBJECT [];
    TCP_CLIENT "System.Net.Sockets.TcpClient" Reference OBJECT [IDISPOSABLE];
    TCP_LISTENER "System.Net.Sockets.TcpListener" Reference OBJECT [IDISPOSABLE];
    NETWORK_STREAM "System.Net.Sockets.NetworkStream" Reference STREAM [];
    // Engine.
    PLATFORM_CLASS "System.Management.Automation.Platform" Reference OBJECT [];
}

declare_enums! { PLATFORM_ENUMERATIONS:
    TASK_STATUS "System.Threading.Tasks.TaskStatus" {
        Created = 0, WaitingForActivation = 1, WaitingToRun = 2, Running = 3, WaitingForChildrenToComplete = 4,
        RanToCompletion = 5, Canceled = 6, Faulted = 7 };
    EVENT_RESET_MODE "System.Threading.EventResetMode" { AutoReset = 0, ManualReset = 1 };
    CIPHER_MODE "System.Security.Cryptography.CipherMode" { CBC = 1, ECB = 2, OFB = 3, CFB = 4, CTS = 5 };
    PADDING_MODE "System.Security.Cryptography.PaddingMode" {
        None = 1, PKCS7 = 2, Zeros = 3, ANSIX923 = 4, ISO10126 = 5 };
    X509_KEY_USAGE_FLAGS "System.Security.Cryptography.X509Certificates.X509KeyUsageFlags" flags {
        None = 0, EncipherOnly = 1, CrlSign = 2, KeyCertSign = 4, KeyAgreement = 8, DataEncipherment = 16,
        KeyEncipherment = 32, NonRepudiation = 64, DigitalSignature = 128, DecipherOnly = 32768 };
    X509_NAME_TYPE "System.Security.Cryptography.X509Certificates.X509NameType" {
        SimpleName = 0, EmailName = 1, UpnName = 2, DnsName = 3, DnsFromAlternativeName = 4, UrlName = 5 };
    X509_CONTENT_TYPE "System.Security.Cryptography.X509Certificates.X509ContentType" {
        Unknown = 0, Cert = 1, SerializedCert = 2, Pfx = 3, SerializedStore = 4, Pkcs7 = 5, Authenticode = 6 };
    JSON_VALUE_KIND "System.Text.Json.JsonValueKind" {
        Undefined = 0, Object = 1, Array = 2, String = 3, Number = 4, True = 5, False = 6, Null = 7 };
    SAVE_OPTIONS "System.Xml.Linq.SaveOptions" flags { None = 0, DisableFormatting = 1, OmitDuplicateNamespaces = 2 };
    LOAD_OPTIONS "System.Xml.Linq.LoadOptions" flags {
        None = 0, PreserveWhitespace = 1, SetBaseUri = 2, SetLineInfo = 4 };
}
