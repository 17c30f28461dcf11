namespace DeepNet;

/// <summary>The functions that a user hung on one gradient, in order.</summary>
internal sealed class GradientHooks
{
    private readonly List<Hook> hooks = [];

    /// <summary>The gradient of a non-leaf tensor after <see cref="Tensor.RetainGrad"/>.</summary>
    public bool Retains;
    public Tensor? Retained;

    public IDisposable Add(Func<Tensor, Tensor?> function)
    {
        var hook = new Hook(this, function);
        lock (hooks) hooks.Add(hook);
        return hook;
    }

    public Tensor Run(Tensor gradient)
    {
        Hook[] now;
        lock (hooks) now = [.. hooks];
        foreach (var hook in now)
        {
            var changed = hook.Function(gradient);
            if (changed is null) continue;
            if (!changed.Shape.Equals(gradient.Shape) || changed.DType != gradient.DType || changed.Device != gradient.Device)
                throw new InvalidOperationException(
                    $"[hook] a hook on a {gradient.DType.Name()} gradient of shape {gradient.Shape} on {gradient.Device} returned a "
                    + $"{changed.DType.Name()} tensor of shape {changed.Shape} on {changed.Device}. A hook returns null, or a tensor "
                    + "that can stand in for the gradient.");
            gradient = changed;
        }
        if (Retains) Retained = Retained is null ? gradient : Retained + gradient;
        return gradient;
    }

    /// <summary>One hook; disposing it removes it. The same function may hang there twice.</summary>
    private sealed class Hook(GradientHooks owner, Func<Tensor, Tensor?> function) : IDisposable
    {
        public Func<Tensor, Tensor?> Function => function;

        public void Dispose()
        {
            lock (owner.hooks) owner.hooks.Remove(this);
        }
    }
}
