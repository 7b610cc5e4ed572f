using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Monitors;

/// <summary>The operator's <c>orchestrator.yaml</c>: where rules, data, runners and people are; never in the rules repository.</summary>
/// <param name="FourEyes">Who edited a plan or authored its rule may not approve it.</param>
/// <param name="Source">The file it was read from; relative paths are relative to its folder.</param>
public sealed record OperatorFile(
    string Environment,
    RulesSource Rules,
    string Database,
    Transport Transport,
    ImmutableSortedDictionary<string, ConnectionSpec> Connections,
    ImmutableSortedDictionary<string, RunnerSpec> Runners,
    ImmutableSortedDictionary<string, HookSpec> Hooks,
    ImmutableSortedDictionary<string, TargetSpec> Targets,
    ImmutableSortedDictionary<string, ImmutableArray<string>> Groups,
    ImmutableArray<NotificationSpec> Notify,
    bool FourEyes,
    YamlFile Source)
{
    /// <summary>Where people reach the server, without a slash at the end; messages carry links only where it is given.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Commands that workflows may run, by name.</summary>
    public ImmutableSortedDictionary<string, CommandSpec> Commands { get; init; } = ImmutableSortedDictionary<string, CommandSpec>.Empty;

    /// <summary>How people sign in who have no key.</summary>
    public SignInSpec SignIn { get; init; } = SignInSpec.KeysOnly;

    /// <summary>What people may do who sign in without a key, by name.</summary>
    public ImmutableSortedDictionary<string, PersonSpec> People { get; init; } = ImmutableSortedDictionary<string, PersonSpec>.Empty;

    public AnalyticsSpec Analytics { get; init; } = new(AnalyticsSpec.UsualMemory, AnalyticsSpec.UsualThreads);

    /// <summary>How long samples are kept, and where.</summary>
    public SampleLimits Samples { get; init; } = SampleLimits.Default;

    public static Parsed<OperatorFile> Read(string path, string text) => OperatorReader.Read(path, text);
}

/// <summary>How much of the machine one measurement may use.</summary>
/// <param name="MemoryBytes">Rows and intermediate results beyond it are spilled to disk.</param>
public sealed record AnalyticsSpec(long MemoryBytes, int Threads)
{
    /// <summary>1 GiB: enough for a million rows of fifty columns and a reference of the same size without much spilling.</summary>
    public const long UsualMemory = 1L << 30;

    public const int UsualThreads = 2;

    /// <summary>With less than 128 MiB some queries end before they can spill.</summary>
    public const long LeastMemory = 128L << 20;
}

/// <summary>How long samples are kept, and how much room their files may take.</summary>
/// <param name="Keep">Samples older than this are dropped.</param>
/// <param name="Size">Bytes; where the files of samples take more, the oldest are dropped.</param>
/// <param name="CompactAfter">Batches older than this are moved from the database into files, once they are enough for one.</param>
public sealed record SampleLimits(TimeSpan Keep, long Size, TimeSpan CompactAfter)
{
    /// <summary>Nothing goes unless the operator says so.</summary>
    public static SampleLimits Default { get; } = new(TimeSpan.FromDays(36_500), long.MaxValue, TimeSpan.FromHours(2));

    /// <summary>Bytes of batches that make one file.</summary>
    public long FileBytes { get; init; } = 64L << 20;
}

/// <summary>Where rules come from.</summary>
public abstract record RulesSource
{
    private RulesSource()
    {
    }

    /// <param name="KeyFile">The private key for SSH; relative to the operator's file.</param>
    public sealed record Git(string Url, string Branch, string? KeyFile) : RulesSource
    {
        /// <summary>How often a repository elsewhere is asked.</summary>
        public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

        /// <summary>How long asking may take.</summary>
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

        /// <summary>Who may sign what is followed; null where nothing need be signed.</summary>
        public TrustedSigners? Signatures { get; init; }
    }

    public sealed record Folder(string Path) : RulesSource;
}

/// <summary>Whose signatures of commits are trusted.</summary>
/// <param name="AllowedSignersFile">Of SSH keys, as <c>ssh-keygen</c> reads it.</param>
/// <param name="OpenPgpFile">Public OpenPGP keys.</param>
public sealed record TrustedSigners(string? AllowedSignersFile, string? OpenPgpFile);

/// <summary>What carries the hints that wake workers; what there is to do stands in the database.</summary>
public abstract record Transport
{
    private Transport()
    {
    }

    public sealed record InMemory : Transport;

    /// <param name="PasswordFile">A file that holds the user's password.</param>
    public sealed record RabbitMq(string Host, int Port, string VirtualHost, string User, string PasswordFile, bool Tls) : Transport;
}

/// <summary>A place that datasets are read from.</summary>
public abstract record ConnectionSpec
{
    private ConnectionSpec()
    {
    }

    public sealed record Folder(string Path) : ConnectionSpec;

    /// <param name="DsnFile">A file that holds the connection string.</param>
    /// <param name="Timeout">How long one query may take.</param>
    public sealed record Database(string Driver, string DsnFile, TimeSpan Timeout) : ConnectionSpec
    {
        /// <summary>The drivers there are.</summary>
        public static readonly ImmutableArray<string> Drivers = ["postgres"];
    }
}

/// <summary>An address that is told about promotions and rollbacks.</summary>
/// <param name="SecretFile">A file that holds what requests are signed with; they are not signed where it is absent.</param>
/// <param name="AllowPrivate">Whether it may be on this machine or in a private network.</param>
public sealed record HookSpec(string Url, string? SecretFile, bool AllowPrivate);

/// <summary>Who hears of which events.</summary>
/// <param name="Owner">Only findings of this owner; all where absent.</param>
public sealed record NotificationSpec(ImmutableArray<string> Events, string? Owner, string Target)
{
    public static readonly ImmutableArray<string> Known = ["fix_proposed", "approval_expiring", "fix_failed", "work_parked", "rule_error", "deployment_failed"];
}
