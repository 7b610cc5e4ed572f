namespace Orchestrator.Core.Expressions;

/// <summary>The stable codes of what can be wrong with an expression; those from 101 on can only be seen when it runs.</summary>
public static class ExpressionCodes
{
    public const string Syntax = "EXPR001";
    public const string Limit = "EXPR002";
    public const string UnknownFunction = "EXPR003";
    public const string Arguments = "EXPR004";
    public const string Type = "EXPR005";
    public const string Matching = "EXPR006";
    public const string Selector = "EXPR007";
    public const string Regex = "EXPR008";
    public const string Experimental = "EXPR009";
    public const string NotSupported = "EXPR010";
    public const string Text = "EXPR011";
    public const string ManyToMany = "EXPR101";
    public const string DuplicateLabels = "EXPR102";
    public const string Parameter = "EXPR103";
    public const string Timeout = "EXPR104";
    public const string TooMany = "EXPR105";
}
