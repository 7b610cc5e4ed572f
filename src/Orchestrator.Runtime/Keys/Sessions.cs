using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Keys;

/// <summary>The sessions of browsers; they go by the real clock.</summary>
public sealed class Sessions(Database database, KeyRing keys, Clocks clocks)
{
    // Moving the end on at every request would be a write for every read.
    private static readonly TimeSpan _step = TimeSpan.FromMinutes(1);

    private DateTimeOffset Now => clocks.Real.GetUtcNow();

    /// <summary>Opens a session with a key that was shown just now; sessions that have ended are forgotten on the way.</summary>
    public async Task<OpenedSession> OpenAsync(ApiKey key, CancellationToken cancellation)
    {
        const string Insert = """
            insert into session (sha256, key_id, opened_at, expires_at, confirmed_at) values (@Sha256, @KeyId, @At, @ExpiresAt, @At)
            """;
        var text = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var now = Now;
        var session = new Session(key, now, now + Session.Idle, now);
        await database.WriteAsync(
            transaction =>
            {
                transaction.Execute("delete from session where expires_at <= @At", new { At = now.ToMicros() });
                transaction.Execute(Insert, new { Sha256 = HashOf(text), KeyId = key.Id, At = now.ToMicros(), ExpiresAt = session.ExpiresAt.ToMicros() });
                AuditStore.Append(transaction, clocks.Now, key.Name, "session.opened", key.Id);
            },
            cancellation).ConfigureAwait(false);
        return new OpenedSession(session, text);
    }

    /// <summary>The session of a cookie; null where there is none, it has ended, or its key is not in use any more.</summary>
    public Session? Find(string text) =>
        database.Read(connection => Row(connection, text)) is { } row && row.ExpiresAt.ToInstant() > Now && keys.ById(row.KeyId) is { } key
            ? new Session(key, row.OpenedAt.ToInstant(), row.ExpiresAt.ToInstant(), row.ConfirmedAt.ToInstant())
            : null;

    /// <summary>Whether the key itself was shown within the last minutes.</summary>
    public bool IsConfirmed(Session session) => session.IsConfirmed(Now);

    /// <summary>Moves the end of a session on, as somebody is there; the session as it is then.</summary>
    public async Task<Session> RenewAsync(string text, Session session, CancellationToken cancellation)
    {
        var now = Now;
        var end = now + Session.Idle < session.OpenedAt + Session.Longest ? now + Session.Idle : session.OpenedAt + Session.Longest;
        if (end - session.ExpiresAt < _step)
        {
            return session;
        }

        await UpdateAsync("update session set expires_at = @At where sha256 = @Sha256", text, end, cancellation).ConfigureAwait(false);
        return session with { ExpiresAt = end };
    }

    /// <summary>The person showed the key anew.</summary>
    public Task ConfirmAsync(string text, CancellationToken cancellation) =>
        UpdateAsync("update session set confirmed_at = @At where sha256 = @Sha256", text, Now, cancellation);

    public Task CloseAsync(string text, CancellationToken cancellation) =>
        UpdateAsync("delete from session where sha256 = @Sha256", text, Now, cancellation);

    private Task UpdateAsync(string sql, string text, DateTimeOffset at, CancellationToken cancellation) =>
        database.WriteAsync(transaction => { transaction.Execute(sql, new { At = at.ToMicros(), Sha256 = HashOf(text) }); }, cancellation);

    private static SessionRow? Row(DbConnection connection, string text) => connection.QuerySingleOrDefault<SessionRow>(
        "select key_id as KeyId, opened_at as OpenedAt, expires_at as ExpiresAt, confirmed_at as ConfirmedAt from session where sha256 = @Sha256",
        new { Sha256 = HashOf(text) });

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private sealed class SessionRow
    {
        public string KeyId { get; init; } = "";
        public long OpenedAt { get; init; }
        public long ExpiresAt { get; init; }
        public long ConfirmedAt { get; init; }
    }
}
