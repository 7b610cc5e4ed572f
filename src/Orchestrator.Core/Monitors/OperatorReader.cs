using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Monitors;

/// <summary>Reads the operator's file.</summary>
internal static class OperatorReader
{
    private const string NotSupported = "CONF009";

    public static Parsed<OperatorFile> Read(string path, string text)
    {
        var diagnostics = new DiagnosticList(path);
        var file = YamlFile.ReadMapping(path, text, diagnostics);
        return diagnostics.Result(file is null ? null : Read(file, Fields.Of(file.Root!, "the file", diagnostics)!));
    }

    private static OperatorFile? Read(YamlFile file, Fields fields)
    {
        var environment = fields.Text("environment") ?? "default";
        var rules = Rules(fields);
        var database = Database(fields);
        var transport = Transported(fields.Nested("transport"));
        var connections = Each(fields, "connections", Connection);
        var runners = Each(fields, "runners", RunnerReader.Runner);
        var hooks = Each(fields, "hooks", TargetReader.Hook);
        var targets = Each(fields, "targets", TargetReader.Target);
        var read = rules is null ? null : new OperatorFile(
            environment, rules, database, transport, connections, runners, hooks, targets, Groups(fields), TargetReader.Notify(fields, targets), fields.Flag("four_eyes") ?? true, file)
        {
            Samples = Samples(fields.Nested("samples")),
            Commands = Each(fields, "commands", RunnerReader.Command),
            SignIn = PeopleReader.SignIn(fields.Nested("sign_in")),
            People = Each(fields, "people", PeopleReader.Person),
            Analytics = Analytics(fields.Nested("analytics")),
            PublicUrl = fields.Text("public_url") is null ? null : TargetReader.Address(fields, "public_url").TrimEnd('/'),
        };
        if (read is not null)
        {
            fields.Close();
        }

        return read;
    }

    private static RulesSource? Rules(Fields fields)
    {
        var folder = fields.Text("folder");
        var git = fields.Nested("git");
        if ((folder is null) == (git is null))
        {
            var text = git is null ? "neither \"git\" nor \"folder\" says where the rules are" : "both \"git\" and \"folder\" are given";
            fields.Diagnostics.Error(git is null ? fields.Place : fields.NameAt("folder"), "CONF001", text, "allowed: one of git, folder");
            return null;
        }

        if (folder is not null)
        {
            return new RulesSource.Folder(folder);
        }

        var source = new RulesSource.Git(git!.RequiredText("url"), git!.Text("branch") ?? "main", git!.Text("key_file"))
        {
            Every = git!.Period("every") ?? TimeSpan.FromMinutes(1),
            Timeout = git!.Period("timeout") ?? TimeSpan.FromMinutes(1),
            Signatures = Signatures(git!.Nested("signatures")),
        };
        git!.Close();
        return source;
    }

    private static TrustedSigners? Signatures(Fields? fields)
    {
        if (fields is null)
        {
            return null;
        }

        var trusted = new TrustedSigners(fields.Text("allowed_signers_file"), fields.Text("openpgp_file"));
        if (trusted is { AllowedSignersFile: null, OpenPgpFile: null })
        {
            fields.Diagnostics.Error(fields.Place, "CONF011", "signatures are demanded of nobody", "allowed: allowed_signers_file (SSH), openpgp_file, or both");
        }

        fields.Close();
        return trusted;
    }

    private static string Database(Fields fields)
    {
        const string fallback = "data/orchestrator.db";
        if (fields.Nested("storage") is not { } storage)
        {
            return fallback;
        }

        var path = storage.Text("sqlite") ?? fallback;
        storage.Refuse("postgres", NotSupported, "\"postgres\": not supported yet", "allowed: sqlite");
        storage.Close();
        return path;
    }

    private static AnalyticsSpec Analytics(Fields? analytics)
    {
        var memory = analytics?.Size("memory") ?? AnalyticsSpec.UsualMemory;
        if (memory < AnalyticsSpec.LeastMemory)
        {
            analytics!.Diagnostics.Error(analytics.At("memory"), "CONF010", "less memory than any measurement needs", "at least 128MiB");
        }

        var spec = new AnalyticsSpec(memory, analytics?.Integer("threads", 1, 1024) ?? AnalyticsSpec.UsualThreads);
        analytics?.Close();
        return spec;
    }

    private static SampleLimits Samples(Fields? fields)
    {
        var limits = SampleLimits.Default;
        if (fields is not null)
        {
            limits = new(fields.Period("keep") ?? limits.Keep, fields.Size("size") ?? limits.Size, fields.Period("compact_after") ?? limits.CompactAfter);
            fields.Close();
        }

        return limits;
    }

    private static Transport Transported(Fields? transport)
    {
        var rabbit = transport?.Nested("rabbitmq");
        if (transport?.Flag("in_memory") == true && rabbit is not null)
        {
            transport.Diagnostics.Error(transport.NameAt("rabbitmq"), "CONF006", "both \"in_memory\" and \"rabbitmq\" are given", "allowed: one of in_memory, rabbitmq");
        }

        transport?.Close();
        return rabbit is null ? new Transport.InMemory() : RabbitMq(rabbit);
    }

    private static Transport.RabbitMq RabbitMq(Fields fields)
    {
        const int port = 5672;
        const int encrypted = 5671;
        var isEncrypted = fields.Flag("tls") ?? false;
        var rabbit = new Transport.RabbitMq(
            fields.RequiredText("host"),
            fields.Integer("port", 1, 65535) ?? (isEncrypted ? encrypted : port),
            fields.Text("virtual_host") ?? "/",
            fields.RequiredText("user"),
            fields.RequiredText("password_file"),
            isEncrypted);
        fields.Close();
        return rabbit;
    }

    private static ConnectionSpec? Connection(Fields fields)
    {
        var folder = fields.Text("folder");
        var driver = fields.Text("driver");
        if ((folder is null) == (driver is null))
        {
            fields.Diagnostics.Error(fields.Place, "CONF002", "a connection is a folder or a database", "allowed: {folder: PATH}, or {driver: NAME, dsn_file: PATH}");
            return null;
        }

        if (folder is not null)
        {
            return new ConnectionSpec.Folder(folder);
        }

        if (!ConnectionSpec.Database.Drivers.Contains(driver!))
        {
            var drivers = ConnectionSpec.Database.Drivers;
            fields.Diagnostics.Error(fields.At("driver"), NotSupported, $"driver \"{driver}\": not supported yet", $"allowed: {string.Join(", ", drivers)}", Nearest.To(driver!, drivers));
        }

        return new ConnectionSpec.Database(driver!, fields.RequiredText("dsn_file"), fields.Period("timeout") ?? TimeSpan.FromMinutes(10));
    }

    private static ImmutableSortedDictionary<string, ImmutableArray<string>> Groups(Fields fields) =>
        fields.Nested("groups") is { } groups
            ? groups.All.ToImmutableSortedDictionary(field => field.Name, field => groups.Texts(field.Name), StringComparer.Ordinal)
            : ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;

    private static ImmutableSortedDictionary<string, T> Each<T>(Fields fields, string name, Func<Fields, T?> read)
        where T : class
    {
        var all = new Dictionary<string, T>();
        foreach (var field in fields.Nested(name)?.All ?? [])
        {
            var inner = Fields.Of(field.Value, $"\"{field.Name}\"", fields.Diagnostics);
            if (inner is not null && read(inner) is { } value)
            {
                inner.Close();
                all.Add(field.Name, value);
            }
        }

        return all.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }
}
