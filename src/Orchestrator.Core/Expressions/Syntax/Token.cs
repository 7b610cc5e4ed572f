using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Expressions.Syntax;

/// <summary>What a token is.</summary>
internal enum TokenKind
{
    End,
    Broken,
    Number,
    Duration,
    Text,
    Word,
    Operator,
    Match,
    At,
    Comma,
    Colon,
    LeftParen,
    RightParen,
    LeftBrace,
    RightBrace,
    LeftBracket,
    RightBracket,
}

/// <summary>A smallest part of an expression's text, as it is written.</summary>
internal readonly record struct Token(TokenKind Kind, Span Span, string Text)
{
    public bool Is(string word) => Kind is TokenKind.Word or TokenKind.Operator && string.Equals(Text, word, StringComparison.OrdinalIgnoreCase);

    /// <summary>The token as an error names it.</summary>
    public string Shown => Kind == TokenKind.End ? "end of the expression" : $"\"{Text}\"";
}
