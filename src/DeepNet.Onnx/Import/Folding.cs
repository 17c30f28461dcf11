namespace DeepNet.Onnx;

/// <summary>Computes at loading what follows from constants alone.</summary>
internal static class Folding
{
    public static void Apply(Plan plan, Tensor?[] constants, long mostElements)
    {
        using var noGrad = Autograd.NoGrad();
        var context = new RunContext(constants, isTraining: false, mostElements);
        plan.Steps.RemoveAll(step => TryFold(step, constants, context));
    }

    private static bool TryFold(Step step, Tensor?[] constants, RunContext context)
    {
        if (step.Graphs.Count > 0 || OperatorTable.IsRandom(step.Name)) return false;
        foreach (int place in step.Inputs)
            if (place >= 0 && constants[place] is null) return false;
        try
        {
            Tensor?[] inputs = [.. step.Inputs.Select(place => place < 0 ? null : constants[place])];
            var results = step.Body(new Call(step, inputs, context));
            for (int i = 0; i < step.Outputs.Length; i++)
                if (step.Outputs[i] >= 0 && (i >= results.Length || results[i] is null
                    || results[i]!.Count > context.MostElements)) return false;
            for (int i = 0; i < step.Outputs.Length; i++)
                if (step.Outputs[i] >= 0) constants[step.Outputs[i]] = results[i];
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // What cannot be computed now, whatever is wrong with it, is an error when it runs, with the node's name.
            return false;
        }
    }
}
