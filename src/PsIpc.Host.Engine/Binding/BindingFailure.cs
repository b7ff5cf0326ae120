using System;
using System.Collections.Generic;
using System.Management.Automation;

namespace PsIpc.Host.Engine;

/// <summary>What binding can fail with: PowerShell's fixed names and categories, each with a sentence.</summary>
internal static class BindingFailure
{
    internal const string NullNotAllowed = "ParameterArgumentValidationErrorNullNotAllowed";
    internal const string EmptyStringNotAllowed = "ParameterArgumentValidationErrorEmptyStringNotAllowed";
    internal const string EmptyArrayNotAllowed = "ParameterArgumentValidationErrorEmptyArrayNotAllowed";

    internal static ParameterBindingException Ambiguous(string name, IEnumerable<ParameterDescription> candidates)
    {
        List<string> names = [];
        foreach (ParameterDescription candidate in candidates)
        {
            names.Add("-" + candidate.Name);
        }

        return Argument(
            "AmbiguousParameter", $"The parameter name '{name}' is ambiguous. It could be {string.Join(", ", names)}.", name);
    }

    internal static ParameterBindingException NotFound(string name) => Argument(
        "NamedParameterNotFound", $"There is no parameter that matches the name '{name}'.", name);

    internal static ParameterBindingException NotPositional(object? value) => Argument(
        "PositionalParameterNotFound", $"No positional parameter accepts the argument '{LanguagePrimitives.TextOf(value)}'.", LanguagePrimitives.TextOf(value));

    internal static ParameterBindingException MissingArgument(ParameterDescription parameter) => Argument(
        "MissingArgument", $"The parameter '{parameter.Name}' needs a value of the type {parameter.Type.Name}.", parameter.Name);

    internal static ParameterBindingException BoundTwice(ParameterDescription parameter) => Argument(
        "ParameterAlreadyBound", $"The parameter '{parameter.Name}' is given more than once. For several values, separate them by commas.", parameter.Name);

    internal static ParameterBindingException AmbiguousSet() => Argument(
        "AmbiguousParameterSet", "The parameters given belong to no one form of the command, or to several. Give parameters of one form.", null);

    internal static ParameterBindingException MissingMandatory(IEnumerable<ParameterDescription> missing) => Argument(
        "MissingMandatoryParameter", $"These parameters must be given: {Names(missing)}.", Names(missing));

    internal static ParameterBindingException InputNotBound() => Argument(
        "InputObjectNotBound", "The input object fits no parameter that takes pipeline input, or the command takes none.", null);

    internal static ParameterBindingException InputMissesMandatory(IEnumerable<ParameterDescription> missing) => Argument(
        "InputObjectMissingMandatory", $"The input object lacks what these parameters need: {Names(missing)}.", Names(missing));

    internal static ParameterBindingException CannotConvert(ParameterDescription parameter, bool isScalar, Exception cause) => Argument(
        isScalar ? "CannotConvertArgumentNoMessage" : "CannotConvertArgument",
        $"Cannot bind parameter '{parameter.Name}'. {cause.Message}",
        parameter.Name,
        cause);

    internal static ParameterBindingException SetFailed(ParameterDescription parameter, Exception cause) => new(
        ErrorCategory.WriteError, "ParameterBindingFailed", $"Cannot bind argument to parameter '{parameter.Name}'. {cause.Message}", parameter.Name, cause);

    internal static ParameterBindingException Transformation(ParameterDescription parameter, Exception cause) => new HardBindingException(
        "ParameterArgumentTransformationError",
        $"Cannot process argument transformation on parameter '{parameter.Name}'. {cause.Message}",
        parameter.Name,
        cause);

    internal static ParameterBindingException Validation(ParameterDescription parameter, Exception cause) => new HardBindingException(
        "ParameterArgumentValidationError", $"Cannot validate argument on parameter '{parameter.Name}'. {cause.Message}", parameter.Name, cause);

    internal static ParameterBindingException Forbidden(string errorId, ParameterDescription parameter) => new HardBindingException(
        errorId,
        $"Cannot bind argument to parameter '{parameter.Name}' because it is {errorId switch
        {
            NullNotAllowed => "null",
            EmptyStringNotAllowed => "an empty string",
            _ => "an empty array",
        }}.",
        parameter.Name,
        null);

    private static ParameterBindingException Argument(string errorId, string message, string? parameter, Exception? cause = null) =>
        new(ErrorCategory.InvalidArgument, errorId, message, parameter, cause);

    private static string Names(IEnumerable<ParameterDescription> parameters)
    {
        List<string> names = [];
        foreach (ParameterDescription parameter in parameters)
        {
            names.Add(parameter.Name);
        }

        return string.Join(", ", names);
    }
}

/// <summary>A failure that is final: an attribute refused the value, so no other parameter is tried with it.</summary>
internal sealed class HardBindingException(string errorId, string message, string parameter, Exception? cause)
    : ParameterBindingException(ErrorCategory.InvalidData, errorId, message, parameter, cause);
