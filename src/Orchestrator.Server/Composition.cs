using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server.Access;
using Orchestrator.Server.Audit;
using Orchestrator.Server.Effects;
using Orchestrator.Server.Findings;
using Orchestrator.Server.Fixes;
using Orchestrator.Server.Keys;
using Orchestrator.Server.Labeling;
using Orchestrator.Server.Models;
using Orchestrator.Server.Revisions;
using Orchestrator.Server.Series;
using Orchestrator.Server.Status;

namespace Orchestrator.Server;

/// <summary>Puts the parts together; nothing is read from environment variables or settings files.</summary>
internal static class Composition
{
    public static WebApplication Build(ServerOptions options, Clocks clocks, Database database)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Orchestrator.Server" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ServerHost.MaxBodyBytes;
            kestrel.Listen(options.Address, options.Port);
        });
        AddLogging(builder.Logging, options.LogLevel);
        AddParts(builder.Services, options, clocks, database);
        AddHttp(builder.Services);
        var app = builder.Build();
        Use(app, options);
        Map(app);
        return app;
    }

    private static void AddLogging(ILoggingBuilder logging, LogLevel level)
    {
        logging.SetMinimumLevel(level).AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning)
            .AddFilter(typeof(KeyAuthentication).FullName, LogLevel.Warning);
        // Standard output belongs to the command line.
        logging.AddSimpleConsole(console => { console.SingleLine = true; console.UseUtcTimestamp = true; console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss'Z' "; });
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static void AddParts(IServiceCollection services, ServerOptions options, Clocks clocks, Database database)
    {
        services.AddSingleton(options);
        services.AddSingleton(clocks);
        services.AddSingleton(database);
        services.AddSingleton<KeyRing>();
        services.AddSingleton<EffectSignal>();
        services.AddSingleton<EffectStore>();
        services.AddSingleton<Orchestrator.Runtime.Series.SampleStore>();
    }

    private static void AddHttp(IServiceCollection services)
    {
        services.AddRouting();
        services.AddExceptionHandler<ProblemOfException>();
        // The core alone: the full package would keep encryption keys in the home folder, which nothing here needs.
        services.AddAuthenticationCore(schemes => schemes.AddScheme<KeyAuthentication>(KeyAuthentication.Name, displayName: null));
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
    }

    private static void Map(WebApplication app)
    {
        app.MapOpenApi().Needs(Role.Viewer);
        app.MapStatus();
        app.MapFindings();
        app.MapFixes();
        app.MapKillSwitch();
        app.MapLabels();
        app.MapModels();
        app.MapRevisions();
        app.MapSeries();
        app.MapEffects();
        app.MapAudit();
        app.MapKeys();
    }
}
