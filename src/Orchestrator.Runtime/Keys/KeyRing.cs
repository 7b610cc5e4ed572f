using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Keys;

/// <summary>The API keys in use, held in memory; recognises a key in time that does not depend on which one it is.</summary>
public sealed class KeyRing
{
    private const string Prefix = "orc_";

    private readonly Database _database;
    private volatile IReadOnlyList<(ApiKey Key, byte[] Sha256)> _keys;

    public KeyRing(Database database)
    {
        _database = database;
        _keys = database.Read(KeyStore.InUse);
    }

    public IReadOnlyList<ApiKey> Keys => _database.Read(KeyStore.List);

    /// <summary>The key of an id; null where none in use has it.</summary>
    public ApiKey? ById(string id) => _keys.FirstOrDefault(known => known.Key.Id == id).Key;

    /// <summary>The key that has this text; null where none in use has.</summary>
    public ApiKey? Find(string text)
    {
        var sha256 = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        ApiKey? found = null;
        foreach (var (key, known) in _keys)
        {
            found = CryptographicOperations.FixedTimeEquals(sha256, known) ? key : found;
        }

        return found;
    }

    /// <summary>Makes a key; its text is in the result and nowhere else.</summary>
    public Task<IssuedKey> IssueAsync(string name, ImmutableArray<Role> roles, string by, DateTimeOffset now, CancellationToken cancellation) =>
        IssueAsync(new Actor(name, roles, Actor.NoModels), by, now, cancellation);

    /// <summary>Makes a key for somebody; its text is in the result and nowhere else.</summary>
    public async Task<IssuedKey> IssueAsync(Actor holder, string by, DateTimeOffset now, CancellationToken cancellation)
    {
        var issued = Make(holder, by, now);
        await KeepAsync(issued, cancellation).ConfigureAwait(false);
        return issued;
    }

    /// <summary>Ends a key; the last admin key stays. False where no such key is in use.</summary>
    public async Task<KeyRevocation> RevokeAsync(string id, string by, DateTimeOffset now, CancellationToken cancellation)
    {
        var revocation = await _database.WriteAsync(transaction => Revoke(transaction, id, by, now), cancellation).ConfigureAwait(false);
        _keys = _database.Read(KeyStore.InUse);
        return revocation;
    }

    /// <summary>Writes an admin key to a file that only its owner can read, where no admin key is in use; whether it did.</summary>
    public async Task<bool> EnsureAdminAsync(string path, DateTimeOffset now, CancellationToken cancellation)
    {
        if (_keys.Any(known => known.Key.Roles.Contains(Role.Admin)))
        {
            return false;
        }

        // The file comes first: a key that is only in the database could never be used.
        var issued = Make(new Actor("admin", [Role.Admin], Actor.NoModels), "system", now);
        await WritePrivateAsync(path, issued.Text, cancellation).ConfigureAwait(false);
        await KeepAsync(issued, cancellation).ConfigureAwait(false);
        return true;
    }

    private static KeyRevocation Revoke(Transaction transaction, string id, string by, DateTimeOffset now)
    {
        var inUse = KeyStore.InUse(transaction.Connection);
        if (!inUse.Any(known => known.Key.Id == id))
        {
            return KeyRevocation.Unknown;
        }

        if (!inUse.Any(known => known.Key.Id != id && known.Key.Roles.Contains(Role.Admin)))
        {
            return KeyRevocation.LastAdmin;
        }

        KeyStore.Revoke(transaction, id, now);
        AuditStore.Append(transaction, now, by, "key.revoked", id);
        return KeyRevocation.Revoked;
    }

    private static IssuedKey Make(Actor holder, string by, DateTimeOffset now)
    {
        var text = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return new IssuedKey(new ApiKey(HashOf(text)[..12], holder.Name, [.. holder.Roles.Distinct().Order()], by, now) { Models = holder.Models }, text);
    }

    private static object Details(ApiKey key) => new { name = key.Name, roles = string.Join(' ', key.Roles).ToLowerInvariant(), models = key.Models.Count == 0 ? null : key.Models };

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static async Task WritePrivateAsync(string path, string text, CancellationToken cancellation)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        File.Delete(path);
        var file = new FileStream(path, options);
        await using (file.ConfigureAwait(false))
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(text + "\n"), cancellation).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }
    }

    private async Task KeepAsync(IssuedKey issued, CancellationToken cancellation)
    {
        await _database.WriteAsync(
            transaction =>
            {
                KeyStore.Add(transaction, issued.Key, HashOf(issued.Text));
                AuditStore.Append(transaction, issued.Key.CreatedAt, issued.Key.CreatedBy, "key.issued", issued.Key.Id, Details(issued.Key));
            },
            cancellation).ConfigureAwait(false);
        _keys = _database.Read(KeyStore.InUse);
    }
}

/// <summary>What became of the wish to end a key.</summary>
public enum KeyRevocation
{
    Revoked,
    Unknown,
    LastAdmin,
}
