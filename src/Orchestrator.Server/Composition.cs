using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Rehearsal;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server.Access;
using Orchestrator.Server.Audit;
using Orchestrator.Server.Datasets;
using Orchestrator.Server.Effects;
using Orchestrator.Server.Elsa;
using Orchestrator.Server.Findings;
using Orchestrator.Server.Fixes;
using Orchestrator.Server.Keys;
using Orchestrator.Server.Labeling;
using Orchestrator.Server.Models;
using Orchestrator.Server.Monitors;
using Orchestrator.Server.Notifications;
using Orchestrator.Server.Rehearsal;
using Orchestrator.Server.Revisions;
using Orchestrator.Server.Rules;
using Orchestrator.Server.Series;
using Orchestrator.Server.Status;
using Orchestrator.Server.Workflows;

namespace Orchestrator.Server;

/// <summary>Puts the parts together; nothing is read from environment variables or settings files.</summary>
internal static class Composition
{
    public static WebApplication Build(ServerOptions options, Node node, ILoggerFactory logging)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Orchestrator.Server" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ServerHost.MaxBodyBytes;
            kestrel.Listen(options.Address, options.Port);
        });
        builder.Services.AddSingleton(logging);
        AddParts(builder.Services, options, node);
        AddHttp(builder.Services);
        var app = builder.Build();
        Use(app, options);
        Map(app);
        return app;
    }

    public static void AddLogging(ILoggingBuilder logging, LogLevel level)
    {
        // Of MassTransit's own words there is a stack trace for each message that a broker does not take; EffectAnnouncer says it once.
        logging.SetMinimumLevel(level).AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            .AddFilter("Quartz", LogLevel.Warning).AddFilter("MassTransit", LogLevel.None)
            .AddFilter(typeof(KeyAuthentication).FullName, LogLevel.Warning)
            // ProviderReturn says it once, without a stack trace for whoever did not come to the end of a sign-in.
            .AddFilter("Microsoft.AspNetCore.Authentication.OpenIdConnect", LogLevel.None);
        // Standard output belongs to the command line.
        logging.AddSimpleConsole(console => { console.SingleLine = true; console.UseUtcTimestamp = true; console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss'Z' "; });
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static void AddParts(IServiceCollection services, ServerOptions options, Node node)
    {
        services.AddSingleton(options);
        services.AddSingleton(node);
        services.AddSingleton(node.Clocks);
        services.AddSingleton(node.Database);
        services.AddSingleton(node.Signal);
        services.AddSingleton(node.Effects);
        services.AddSingleton(node.Samples);
        services.AddSingleton<KeyRing>();
        services.AddSingleton(parts => new People(parts.GetRequiredService<KeyRing>(), node.Options.Operator, node.Options.Root));
        services.AddSingleton<Sessions>();
        services.AddSingleton(new SignInAttempts(node.Clocks.Real));
        services.AddSingleton<SignInDesk>();
        services.AddSingleton<PolicyReports>();
        ProviderSetup.Add(services, node.Options);
        services.AddSingleton<Measuring>();
        services.AddElsa();
        if (options.Works)
        {
            AddWork(services, options, node);
        }
    }

    private static void AddWork(IServiceCollection services, ServerOptions options, Node node)
    {
        var work = Work.Of(node);
        if (!options.Scenarios.IsEmpty)
        {
            var turnstile = new Turnstile(node.Clocks.Real);
            work = work.Through(turnstile);
            services.AddSingleton(turnstile);
            var setups = StorySetup.ReadAll(options.Scenarios);
            services.AddSingleton(parts => new LiveStory(node, setups, turnstile, parts.GetRequiredService<DueSchedule>(), parts.GetRequiredService<EffectLoop>()));
        }

        services.AddSingleton(work);
        Loops.Add(services, BusOptions.Of(node.Options));
        Loops.AddSync(services);
    }

    private static void AddHttp(IServiceCollection services)
    {
        services.AddRouting();
        services.AddExceptionHandler<ProblemOfException>();
        // The core alone: the full package would keep encryption keys in the home folder, which nothing here needs.
        services.AddAuthenticationCore(schemes =>
        {
            schemes.DefaultScheme = KeyAuthentication.Name;
            schemes.AddScheme<KeyAuthentication>(KeyAuthentication.Name, displayName: null);
        });
        services.AddTransient<KeyAuthentication>();
        services.AddSingleton(System.Text.Encodings.Web.UrlEncoder.Default);
        services.AddAuthorizationBuilder().SetDefaultPolicy(Roles.Fallback).SetFallbackPolicy(Roles.Fallback);
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.Configure<JsonOptions>(CopyJson);
        services.AddOpenApi("v1", document => document.AddDocumentTransformer<Description>().AddOperationTransformer<Description>());
    }

    /// <summary>HTTP speaks the JSON that the stores speak; of what callers send nothing may be missing or left over.</summary>
    private static void CopyJson(JsonOptions options)
    {
        var (from, to) = (Json.Options, options.SerializerOptions);
        to.PropertyNamingPolicy = from.PropertyNamingPolicy;
        to.DefaultIgnoreCondition = from.DefaultIgnoreCondition;
        to.NumberHandling = from.NumberHandling;
        to.Encoder = from.Encoder;
        to.AllowDuplicateProperties = from.AllowDuplicateProperties;
        to.PropertyNameCaseInsensitive = false;
        to.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow;
        to.RespectRequiredConstructorParameters = true;
        foreach (var converter in from.Converters)
        {
            to.Converters.Add(converter);
        }
    }

    private static void Use(WebApplication app, ServerOptions options)
    {
        app.UseAnswerHeaders();
        app.UseExceptionHandler(_ => { });
        app.UseKnownHosts(options);
        app.UseStatusCodePages(context => Problems.FillAsync(context.HttpContext));
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseModelGate();
    }

    private static void Map(WebApplication app)
    {
        app.MapOpenApi().Needs(Role.Viewer, About.Shown);
        app.MapStatus();
        app.MapEvents();
        app.MapPages();
        app.MapFindings();
        app.MapFixes();
        app.MapKillSwitch();
        app.MapLabels();
        app.MapDatasets();
        app.MapPushes();
        app.MapModels();
        app.MapCallbacks();
        app.MapMonitors();
        app.MapRules();
        app.MapWorkflows();
        app.MapEdits();
        app.MapRevisions();
        app.MapSeries();
        app.MapPrometheus();
        app.MapEffects();
        app.MapTargets();
        app.MapAudit();
        app.MapKeys();
        app.MapSession();
        PolicyReports.Map(app);
        app.MapStudio();
        app.MapElsa();
    }
}
