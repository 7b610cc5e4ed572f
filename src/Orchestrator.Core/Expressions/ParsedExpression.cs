using System.Collections.Immutable;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Typing;

namespace Orchestrator.Core.Expressions;

/// <summary>An expression that was parsed and typed: what can run, or what is wrong with it.</summary>
/// <param name="Root">None where there are errors, so that only what is sound can run.</param>
/// <param name="Errors">In the order of their place in the text.</param>
/// <param name="Type">The type of the root; <see cref="ExprType.None"/> where there are errors.</param>
public sealed record ParsedExpression(Expr? Root, ImmutableArray<ExpressionError> Errors, ExprType Type = ExprType.None);
