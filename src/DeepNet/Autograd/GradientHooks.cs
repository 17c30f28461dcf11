namespace DeepNet;

/// <summary>The functions that a user hung on one gradient, in order.</summary>
internal sealed class GradientHooks
{
    private readonly List<Func<Tensor, Tensor?>> functions = [];

    /// <summary>Where a non-leaf tensor keeps its gradient after <see cref="Tensor.RetainGrad"/>.</summary>
    public bool Retains;
    public Tensor? Retained;

    public IDisposable Add(Func<Tensor, Tensor?> function)
    {
        lock (functions) functions.Add(function);
        return new Removal(this, function);
    }

    public Tensor Run(Tensor gradient)
    {
        Func<Tensor, Tensor?>[] now;
        lock (functions) now = [.. functions];
        foreach (var function in now)
        {
            var changed = function(gradient);
            if (changed is null) continue;
            if (!changed.Shape.Equals(gradient.Shape))
                throw new InvalidOperationException($"[hook] a hook on a gradient of shape {gradient.Shape} returned one of shape {changed.Shape}. A hook returns null or a tensor of the same shape.");
            gradient = changed;
        }
        if (Retains) Retained = gradient;
        return gradient;
    }

    private sealed class Removal(GradientHooks hooks, Func<Tensor, Tensor?> function) : IDisposable
    {
        private bool done;

        public void Dispose()
        {
            if (done) return;
            done = true;
            lock (hooks.functions) hooks.functions.Remove(function);
        }
    }
}
