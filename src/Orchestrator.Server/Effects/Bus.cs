using MassTransit;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Effects;

namespace Orchestrator.Server.Effects;

/// <summary>The bus, in memory or on RabbitMQ: it carries hints that wake workers, and nothing else.</summary>
internal static class Bus
{
    /// <summary>A message that has killed its consumer as often as this goes to the queue of dead ones.</summary>
    private const int DeliveryLimit = 3;

    private const int Prefetch = 4;

    public static void Add(IServiceCollection services, BusOptions options)
    {
        // In memory, what is published before the bus has started is lost. A broker may be away for long: the workers do not wait for it.
        services.Configure<MassTransitHostOptions>(host =>
        {
            host.WaitUntilStarted = options.Transport is Transport.InMemory;
            host.StopTimeout = TimeSpan.FromSeconds(10);
        });
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddConsumer<EffectsReadyConsumer>();
            if (options.Transport is Transport.RabbitMq broker)
            {
                bus.UsingRabbitMq((context, transport) => Configure(context, transport, (broker, options)));
            }
            else
            {
                bus.UsingInMemory((context, transport) => transport.ConfigureEndpoints(context));
            }
        });
    }

    private static void Configure(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator transport, (Transport.RabbitMq Broker, BusOptions Options) to)
    {
        var (broker, options) = to;
        var queue = $"orchestrator.{options.Environment}.effects-ready";
        transport.Host(broker.Host, (ushort)broker.Port, broker.VirtualHost, host =>
        {
            host.Username(broker.User);
            host.Password(options.Password);
            host.Heartbeat(TimeSpan.FromSeconds(10));
            if (broker.Tls)
            {
                host.UseSsl(ssl => ssl.ServerName = broker.Host);
            }
        });
        transport.Message<EffectsReady>(message => message.SetEntityName(queue));
        transport.ReceiveEndpoint(queue, endpoint =>
        {
            endpoint.SetQuorumQueue();
            endpoint.SetQueueArgument("x-delivery-limit", DeliveryLimit);
            endpoint.BindDeadLetterQueue($"{queue}-dead", $"{queue}-dead", dead => dead.SetQueueArgument("x-queue-type", "quorum"));
            endpoint.PrefetchCount = Prefetch;
            endpoint.ConfigureConsumer<EffectsReadyConsumer>(context);
        });
    }
}

/// <summary>Which bus a server uses.</summary>
/// <param name="Environment">Servers of one environment share the queue.</param>
/// <param name="Password">Of the broker's user; empty in memory.</param>
internal sealed record BusOptions(Transport Transport, string Environment, string Password)
{
    public static readonly BusOptions InMemory = new(new Transport.InMemory(), "default", "");

    /// <summary>Reads the password's file; throws <see cref="ServerOptionsException"/> where it cannot be read.</summary>
    public static BusOptions Of(NodeOptions node)
    {
        var file = node.Operator;
        if (file.Transport is not Transport.RabbitMq broker)
        {
            return InMemory;
        }

        var path = Path.Combine(node.Root, broker.PasswordFile);
        try
        {
            return new(broker, file.Environment, File.ReadAllText(path).Trim());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServerOptionsException($"the broker's password cannot be read from \"{path}\": {error.Message}; transport: {{rabbitmq: {{password_file}}}} names the file");
        }
    }
}
