using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Revisions;

namespace Orchestrator.Runtime.Tests.Revisions;

/// <summary>Where the operator demands signatures, every commit since the last good one carries one that is trusted.</summary>
public sealed class SignatureTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestDatabase _database = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero));
    private readonly RulesRepository _rules;

    public SignatureTests() => _rules = new(_folder);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Commits_signed_by_a_listed_SSH_key_are_followed_and_others_are_not()
    {
        await KeyAsync("lead");
        await KeyAsync("stranger");
        await File.WriteAllTextAsync(_folder["signers"], $"author@example.org {await File.ReadAllTextAsync(_folder["lead.pub"], Cancel)}", Cancel);
        var inForce = Following(new TrustedSigners("signers", null));

        var first = await SignedAsync(1, "lead");
        await AssertFollowedAsync(inForce, first);
        await SignedAsync(2, "lead");
        await AssertFollowedAsync(inForce, await SignedAsync(3, "lead"));

        var unsigned = _rules.Rule(4);
        await SignedAsync(5, "lead");
        await AssertRefusedAsync(inForce, unsigned);
        _rules.Reset(first);
        Assert.StartsWith("rules:1:1: SRC004 ", (await inForce.SyncAsync(Cancel)).Diagnostics[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_not_listed_is_trusted_by_nobody()
    {
        await KeyAsync("lead");
        await KeyAsync("stranger");
        await File.WriteAllTextAsync(_folder["signers"], $"author@example.org {await File.ReadAllTextAsync(_folder["lead.pub"], Cancel)}", Cancel);
        var inForce = Following(new TrustedSigners("signers", null));
        await AssertRefusedAsync(inForce, await SignedAsync(1, "stranger"));
        Assert.Null(inForce.Current);

        await AssertFollowedAsync(inForce, await SignedAsync(2, "lead"));
    }

    [Fact]
    public async Task A_list_that_is_not_there_trusts_nobody()
    {
        await KeyAsync("lead");
        await SignedAsync(1, "lead");
        var refused = await Following(new TrustedSigners("nowhere", null)).SyncAsync(Cancel);
        Assert.Equal([$"rules:1:1: SRC007 the list of signers {_folder["nowhere"]} is not there; allowed: commits signed by a key that the operator's file names"], refused.Diagnostics);
    }

    [Fact]
    public async Task Commits_signed_by_a_listed_OpenPGP_key_are_followed_and_others_are_not()
    {
        Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "gpg"))), "gpg is not installed");
        Directory.CreateDirectory(_folder["gnupg"]);
        var own = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("GNUPGHOME", _folder["gnupg"]);
        await _rules.RunAsync(own, "gpg", "--batch", "--quiet", "--passphrase", "", "--quick-gen-key", "author@example.org", "ed25519", "sign", "never");
        await _rules.RunAsync(own, "gpg", "--batch", "--quiet", "--armor", "--output", _folder["keys.asc"], "--export", "author@example.org");
        var inForce = Following(new TrustedSigners(null, "keys.asc"));
        _rules.Rule(1);
        await _rules.RunAsync(own, "git", "-C", _rules.Path, "-c", "user.name=Author", "-c", "user.email=author@example.org", "-c", "user.signingkey=author@example.org", "commit", "--quiet", "--amend", "--no-edit", "-S");

        await AssertFollowedAsync(inForce, Tip());
        await AssertRefusedAsync(inForce, _rules.Rule(2));
        await _rules.RunAsync(own, "gpgconf", "--kill", "all");
    }

    private Task KeyAsync(string name) => _rules.RunAsync(ImmutableSortedDictionary<string, string>.Empty, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", _folder[name]);

    private async Task<string> SignedAsync(int threshold, string key)
    {
        _rules.Rule(threshold);
        await _rules.RunAsync(
            ImmutableSortedDictionary<string, string>.Empty,
            "git", "-C", _rules.Path, "-c", "user.name=Author", "-c", "user.email=author@example.org", "-c", "gpg.format=ssh", "-c", $"user.signingkey={_folder[key]}", "commit", "--quiet", "--amend", "--no-edit", "-S");
        return Tip();
    }

    private string Tip()
    {
        using var repository = new LibGit2Sharp.Repository(_rules.Path);
        return repository.Head.Tip.Sha;
    }

    private static async Task AssertFollowedAsync(InForce inForce, string commit)
    {
        var attempt = await inForce.SyncAsync(Cancel);
        Assert.True(attempt.Accepted, string.Join('\n', attempt.Diagnostics));
        Assert.Equal($"commit {commit}", inForce.Current!.Source);
    }

    private static async Task AssertRefusedAsync(InForce inForce, string commit)
    {
        var before = inForce.Current?.Id;
        var refused = await inForce.SyncAsync(Cancel);
        Assert.False(refused.Accepted);
        Assert.StartsWith($"rules:1:1: SRC007 commit {commit} is not followed: ", Assert.Single(refused.Diagnostics), StringComparison.Ordinal);
        Assert.Equal(before, inForce.Current?.Id);
    }

    private InForce Following(TrustedSigners signers)
    {
        var git = new RulesSource.Git(_rules.Path, RulesRepository.Branch, null) { Every = TimeSpan.Zero, Signatures = signers };
        return new InForce(_database.Open, git, _folder.Path, new Clocks(_clock, _clock)) { Remote = new GitRemote(_rules.Commands, _folder["workspace"], _folder.Path, TimeProvider.System) };
    }
}
