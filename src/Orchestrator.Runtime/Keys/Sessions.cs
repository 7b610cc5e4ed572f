using System.Buffers.Text;
using System.Collections.Immutable;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Keys;

/// <summary>The sessions of browsers; they go by the real clock.</summary>
public sealed class Sessions(Database database, People people, Clocks clocks)
{
    // Moving the end on at every request would be a write for every read.
    private static readonly TimeSpan _step = TimeSpan.FromMinutes(1);

    private DateTimeOffset Now => clocks.Real.GetUtcNow();

    /// <summary>Opens a session for somebody who showed just now who he is; sessions that have ended are forgotten on the way.</summary>
    public async Task<OpenedSession> OpenAsync(Actor actor, Identity identity, string? tokens, CancellationToken cancellation)
    {
        const string Insert = """
            insert into session (sha256, way, key_id, proof, person_groups, tokens, opened_at, expires_at, confirmed_at, asked_at)
            values (@Sha256, @Way, @Id, @Proof, @Groups, @Tokens, @At, @ExpiresAt, @At, @At)
            """;
        var text = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var now = Now;
        var session = new Session(actor, identity, now, now + Session.Idle, now) { AskedAt = now };
        await database.WriteAsync(
            transaction =>
            {
                transaction.Execute("delete from session where expires_at <= @At", new { At = now.ToMicros() });
                transaction.Execute(Insert, new
                {
                    Sha256 = HashOf(text), Way = Json.Name(identity.Way.ToString()), identity.Id, identity.Proof, Groups = Json.Write(identity.Groups),
                    Tokens = tokens is null ? null : SealedText.Seal(tokens, text), At = now.ToMicros(), ExpiresAt = session.ExpiresAt.ToMicros(),
                });
                AuditStore.Append(transaction, clocks.Now, actor.Name, "session.opened", identity.Id, new { way = identity.Way });
            },
            cancellation).ConfigureAwait(false);
        return new OpenedSession(session, text);
    }

    /// <summary>The session of a cookie; null where there is none, it has ended, or what it was opened with is not valid any more.</summary>
    public Session? Find(string text) =>
        database.Read(connection => Row(connection, text)) is { } row && row.ExpiresAt.ToInstant() > Now && people.Recognise(row.ToIdentity()) is { } actor
            ? new Session(actor, row.ToIdentity(), row.OpenedAt.ToInstant(), row.ExpiresAt.ToInstant(), row.ConfirmedAt.ToInstant()) { AskedAt = row.AskedAt.ToInstant() }
            : null;

    /// <summary>Whether the person showed within the last minutes who he is.</summary>
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

    /// <summary>The person showed anew who he is.</summary>
    public Task ConfirmAsync(string text, CancellationToken cancellation) => ConfirmHashAsync(HashOf(text), cancellation);

    /// <summary>The same for a session of which only the hash is known, as it comes back from a provider.</summary>
    public Task ConfirmHashAsync(string sha256, CancellationToken cancellation) =>
        database.WriteAsync(transaction => { transaction.Execute("update session set confirmed_at = @At where sha256 = @sha256", new { At = Now.ToMicros(), sha256 }); }, cancellation);

    /// <summary>What names the session without opening it.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Whether it is time to ask the provider of a session whether it still knows the person.</summary>
    public bool IsToAsk(Session session) => session.IsToAsk(Now);

    /// <summary>The tokens of a session's provider; null where it gave none.</summary>
    public string? TokensOf(string text) =>
        database.Read(connection => connection.ExecuteScalar<string?>("select tokens from session where sha256 = @Sha256", new { Sha256 = HashOf(text) })) is { } kept ? SealedText.Open(kept, text) : null;

    /// <summary>The provider was asked, and said this of the person.</summary>
    public Task KeepAnswerAsync(string text, ImmutableArray<string> groups, string tokens, CancellationToken cancellation) => database.WriteAsync(
        transaction =>
        {
            transaction.Execute(
                "update session set person_groups = @Groups, tokens = @Tokens, asked_at = @At where sha256 = @Sha256",
                new { Groups = Json.Write(groups), Tokens = SealedText.Seal(tokens, text), At = Now.ToMicros(), Sha256 = HashOf(text) });
        },
        cancellation);

    public Task CloseAsync(string text, CancellationToken cancellation) =>
        UpdateAsync("delete from session where sha256 = @Sha256", text, Now, cancellation);

    private Task UpdateAsync(string sql, string text, DateTimeOffset at, CancellationToken cancellation) =>
        database.WriteAsync(transaction => { transaction.Execute(sql, new { At = at.ToMicros(), Sha256 = HashOf(text) }); }, cancellation);

    private static SessionRow? Row(DbConnection connection, string text) => connection.QuerySingleOrDefault<SessionRow>(
        "select way as Way, key_id as KeyId, proof as Proof, person_groups as Groups, asked_at as AskedAt, opened_at as OpenedAt, expires_at as ExpiresAt, confirmed_at as ConfirmedAt from session where sha256 = @Sha256",
        new { Sha256 = HashOf(text) });

    private sealed class SessionRow
    {
        public string Way { get; init; } = "";
        public string KeyId { get; init; } = "";
        public string Proof { get; init; } = "";
        public string Groups { get; init; } = "";
        public long AskedAt { get; init; }
        public long OpenedAt { get; init; }
        public long ExpiresAt { get; init; }
        public long ConfirmedAt { get; init; }

        public Identity ToIdentity() => new(Enum.Parse<IdentityWay>(Way, ignoreCase: true), KeyId, Proof) { Groups = Json.Read<ImmutableArray<string>>(Groups) };
    }
}
