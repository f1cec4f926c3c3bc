import { useMantineColorScheme, type MantineColorScheme } from '@mantine/core'
import styles from './shell.module.css'

/** Light, dark, or as the system says; kept on this device. */
export function SchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <label className={styles.scheme}>
      Colours
      <select value={colorScheme} onChange={(event) => setColorScheme(event.currentTarget.value as MantineColorScheme)}>
        <option value="auto">As the system</option>
        <option value="light">Light</option>
        <option value="dark">Dark</option>
      </select>
    </label>
  )
}
