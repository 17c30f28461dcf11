using DeepNet.Nn;

namespace DeepNet.Onnx;

/// <summary>Puts the mode of one module back without touching those inside it, which have their own.</summary>
internal static class ModuleMode
{
    // Modules come parents first, so that each is set after those around it.
    public static void Set(Module module, bool isTraining)
    {
        if (module.IsTraining != isTraining) module.Train(isTraining);
    }
}
