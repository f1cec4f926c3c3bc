import { createTheme, defaultVariantColorsResolver, type CSSVariablesResolver, type VariantColorsResolver } from '@mantine/core'

/** Buttons take their colours from the tokens, which change with the scheme; the kit's own would paint white on light teal. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const base = { hoverColor: undefined, border: '1px solid transparent' }
  const isDanger = input.color === 'danger'
  const action = isDanger ? 'var(--danger)' : 'var(--action)'
  const soft = isDanger ? 'var(--danger-soft)' : 'var(--action-soft)'
  switch (input.variant) {
    case 'filled':
      return { ...base, background: action, hover: 'var(--action-hover)', color: 'var(--on-action)' }
    case 'light':
      return { ...base, background: soft, hover: soft, color: action }
    case 'outline':
      return { background: 'transparent', hover: soft, color: action, border: `1px solid ${action}` }
    case 'subtle':
    case 'transparent':
      return { ...base, background: 'transparent', hover: soft, color: action }
    default:
      return defaultVariantColorsResolver(input)
  }
}

const control = { styles: { label: { fontWeight: 600, marginBottom: 4 } } }

export const theme = createTheme({
  fontFamily: 'var(--fw-font)',
  fontFamilyMonospace: 'var(--fw-mono)',
  headings: { fontFamily: 'var(--fw-font)', fontWeight: '600' },
  primaryColor: 'verdigris',
  primaryShade: { light: 7, dark: 3 },
  colors: {
    verdigris: ['#dbf3f0', '#b9e6e1', '#8bdcd4', '#73c9c1', '#45a59d', '#1f857e', '#0b6b66', '#025956', '#004845', '#003634'],
  },
  fontSizes: { xs: '12px', sm: '14px', md: '16px', lg: '19px', xl: '23px' },
  lineHeights: { xs: '16px', sm: '20px', md: '24px', lg: '28px', xl: '32px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '4px', sm: '4px', md: '8px', lg: '14px', xl: '14px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  variantColorResolver,
  components: {
    Button: { defaultProps: { size: 'md' } },
    TextInput: { defaultProps: { size: 'md' }, ...control },
    NativeSelect: { defaultProps: { size: 'md' }, ...control },
    Checkbox: { defaultProps: { color: 'var(--action)', iconColor: 'var(--on-action)' } },
    Radio: { defaultProps: { color: 'var(--action)', iconColor: 'var(--on-action)' } },
    RangeSlider: { defaultProps: { color: 'var(--action)' } },
    Popover: { defaultProps: { shadow: 'none' } },
  },
})

/** Points the kit's variables at the tokens, the same names in both schemes. */
export const cssVariablesResolver: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--bg)',
    '--mantine-color-text': 'var(--text)',
    // The kit draws the borders of inputs, checkboxes and radios with these; 3:1 against the surface in both schemes.
    '--mantine-color-gray-4': 'var(--line-strong)',
    '--mantine-color-dark-4': 'var(--line-strong)',
    '--mantine-color-dark-5': 'var(--surface)',
    '--mantine-color-dark-6': 'var(--surface)',
    '--mantine-color-bright': 'var(--text)',
    '--mantine-color-dimmed': 'var(--text-2)',
    '--mantine-color-placeholder': 'var(--text-3)',
    '--mantine-color-error': 'var(--danger)',
    '--mantine-color-anchor': 'var(--action)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--surface-2)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-disabled': 'var(--surface-2)',
    '--mantine-color-disabled-color': 'var(--text-3)',
    '--mantine-color-disabled-border': 'var(--line)',
    '--mantine-primary-color-filled': 'var(--action)',
    '--mantine-primary-color-filled-hover': 'var(--action-hover)',
    '--mantine-primary-color-light': 'var(--action-soft)',
    '--mantine-primary-color-light-hover': 'var(--action-soft)',
    '--mantine-primary-color-light-color': 'var(--action)',
    '--mantine-primary-color-contrast': 'var(--on-action)',
    '--mantine-color-verdigris-filled': 'var(--action)',
    '--mantine-color-verdigris-filled-hover': 'var(--action-hover)',
    '--mantine-color-verdigris-light': 'var(--action-soft)',
    '--mantine-color-verdigris-light-hover': 'var(--action-soft)',
  }
  return { variables: {}, light: shared, dark: shared }
}
