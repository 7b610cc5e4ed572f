using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Orchestrator.Server.Access;

namespace Orchestrator.Server;

/// <summary>What the OpenAPI document says of the whole: how callers are recognised, which role an operation needs, what errors look like.</summary>
internal sealed class Description : IOpenApiDocumentTransformer, IOpenApiOperationTransformer
{
    private const string Scheme = "key";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Orchestrator",
            Version = typeof(Description).Assembly.GetName().Version!.ToString(3),
            Description = "Keeps machine-learning models good by keeping their data good.",
        };
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key, also read from the header X-Api-Key." },
        };
        return Task.CompletedTask;
    }

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        context.Document!.AddComponent(nameof(Problem), await context.GetOrCreateSchemaAsync(typeof(Problem), parameterDescription: null, cancellationToken));
        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "A problem: detail says what is wrong, next what to do.",
            Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(nameof(Problem), context.Document) } },
        };
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<OpenToAll>().LastOrDefault() is { } open)
        {
            operation.Description = $"Needs no key: it {open.Reason}.";
        }
        else if (metadata.OfType<NeededRole>().LastOrDefault() is { } needed)
        {
            operation.Description = $"Needs the role {Roles.Word(needed.Role)}.";
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
        }
    }
}

/// <summary>The shape of every error.</summary>
/// <param name="Detail">One plain sentence.</param>
/// <param name="Next">What to do next.</param>
public sealed record Problem(string Type, string Title, int Status, string Detail, string Next);
