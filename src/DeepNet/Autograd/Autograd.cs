namespace DeepNet;

/// <summary>Recording, and derivatives as functions: gradients, Jacobians, Hessians and products with them.</summary>
public static partial class Autograd
{
    /// <summary>True if operators on this thread are being recorded.</summary>
    public static bool IsEnabled => !ThreadContext.Current.IsGradOff;

    /// <summary>Until the result is disposed, nothing on this thread is recorded: for evaluation, and for changing parameters.</summary>
    public static GradMode NoGrad() => new(off: true);

    /// <summary>Until the result is disposed, recording is on again, inside a <see cref="NoGrad"/> region.</summary>
    public static GradMode EnableGrad() => new(off: false);
}
